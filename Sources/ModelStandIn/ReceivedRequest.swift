package import Trading

/// A request that a ``ModelServer`` received.
package struct ReceivedRequest: Sendable {
  /// Its place in the order of arrival, from 0.
  package let number: Int
  /// The connection it came on, from 0; requests with the same number shared one.
  package let connection: Int
  /// The part of the script it played.
  package let part: String
  /// The API it asked; `nil` = the path is none of theirs.
  package let format: ModelFormat?
  /// The model its body asked for; empty when none.
  package let model: String
  /// The method.
  package let method: String
  /// The path without query and without `/as/PART`.
  package let path: String
  /// Its header lines in order.
  package let headers: [ReceivedHeader]
  /// Its body.
  package let body: [UInt8]
  /// When its last byte came, since the server started.
  package let arrivedAt: Duration
  /// When it ended, since the server started; `nil` = it has not.
  package internal(set) var endedAt: Duration?
  /// What became of it.
  package internal(set) var outcome: Outcome = .waiting
  /// What it consumed; `nil` = no answer of a model was begun.
  package internal(set) var usage: TokenUsage?
  /// What that cost, USD, at the prices of the script.
  package internal(set) var cost: USD = .zero

  /// What became of a request.
  package enum Outcome: Sendable, Hashable {
    /// It has no whole answer yet.
    case waiting
    /// The whole answer was sent, whatever it was.
    case answered
    /// The script ended the connection before.
    case dropped
    /// The client went away before.
    case abandoned
  }

  /// The value of the first header of that name, whatever its case.
  package func header(_ name: String) -> String? {
    let name = name.lowercased()
    return headers.first { $0.name.lowercased() == name }?.value
  }

  /// The body as text.
  package var text: String { String(decoding: body, as: UTF8.self) }
}

/// A header line of a request.
package struct ReceivedHeader: Sendable, Hashable {
  /// Its name as it came.
  package let name: String
  /// Its value.
  package let value: String
}

/// What the requests of a part, or all of them, add up to.
package struct RequestTotals: Sendable, Hashable {
  /// Requests that came.
  package internal(set) var requests = 0
  /// Those answered to the end, whatever the answer.
  package internal(set) var answered = 0
  /// Those whose connection the script ended before.
  package internal(set) var dropped = 0
  /// Those whose client went away before.
  package internal(set) var abandoned = 0
  /// The most that waited for their answers at the same time.
  package internal(set) var mostAtOnce = 0
  /// Tokens of questions, cached ones included.
  package internal(set) var promptTokens = 0
  /// Tokens of questions that count as cached.
  package internal(set) var cachedTokens = 0
  /// Tokens of answers.
  package internal(set) var completionTokens = 0
  /// Cost of all answers, USD.
  package internal(set) var cost: USD = .zero

  /// Nothing.
  init() {}

  /// Those that wait for the rest of their answer.
  package var waiting: Int { requests - answered - dropped - abandoned }

  /// Tokens of questions and answers.
  package var tokens: Int { promptTokens + completionTokens }

  mutating func begin() {
    requests += 1
    mostAtOnce = max(mostAtOnce, waiting)
  }

  mutating func end(_ outcome: ReceivedRequest.Outcome) {
    switch outcome {
    case .waiting: break
    case .answered: answered += 1
    case .dropped: dropped += 1
    case .abandoned: abandoned += 1
    }
  }

  mutating func book(_ usage: TokenUsage, cost: USD) {
    promptTokens += usage.prompt
    cachedTokens += usage.cachedPrompt
    completionTokens += usage.completion
    self.cost = self.cost + cost
  }
}
