import Synchronization
import Trading

/// What a server was told to do and what it saw; shared between its thread and everybody else.
final class RequestLog: Sendable {
  /// Everything behind the lock.
  struct Pages {
    var script: ModelScript
    /// Turns taken by each part.
    var taken: [String: Int] = [:]
    var requests: [ReceivedRequest] = []
    var count = 0
    var totals: [String: RequestTotals] = [:]
    var total = RequestTotals()
    var connections = 0
    var openConnections = 0
    var mostConnections = 0
  }

  /// What a request begins with.
  struct Beginning {
    let number: Int
    let turn: Turn
  }

  private let pages: Mutex<Pages>
  private let start = Instant.now

  init(script: ModelScript) { pages = Mutex(Pages(script: script)) }

  /// Reads or changes everything at one moment.
  func with<Result: Sendable>(_ work: (inout sending Pages) -> sending Result) -> Result {
    pages.withLock(work)
  }

  /// Time since the server started.
  var elapsed: Duration { .nanoseconds(Instant.now - start) }

  /// Follows a new script from its first turns on.
  func play(_ script: ModelScript) {
    with {
      $0.script = script
      $0.taken = [:]
    }
  }

  /// The turn the next request of a part will get.
  func comingTurn(of part: String) -> Turn {
    with { $0.script.turn($0.taken[part] ?? 0, of: part) }
  }

  /// Notes a request and takes its turn.
  func begin(
    _ request: HTTPQuestion, part: String, path: String, format: ModelFormat?, model: String,
    connection: Int
  ) -> Beginning {
    let now = elapsed
    return with { pages in
      let number = pages.count
      pages.count += 1
      if pages.script.reading == .all {
        pages.requests.append(
          ReceivedRequest(
            number: number, connection: connection, part: part, format: format, model: model,
            method: request.method, path: path, headers: request.headers, body: request.body,
            arrivedAt: now))
      }
      let taken = pages.taken[part] ?? 0
      pages.taken[part] = taken + 1
      pages.totals[part, default: RequestTotals()].begin()
      pages.total.begin()
      return Beginning(number: number, turn: pages.script.turn(taken, of: part))
    }
  }

  /// Books what a request consumed.
  func book(_ usage: TokenUsage, number: Int, part: String) {
    with { pages in
      let cost = pages.script.prices[part]?.cost(of: usage) ?? .zero
      pages.totals[part, default: RequestTotals()].book(usage, cost: cost)
      pages.total.book(usage, cost: cost)
      guard let index = Self.index(of: number, in: pages.requests) else { return }
      pages.requests[index].usage = usage
      pages.requests[index].cost = cost
    }
  }

  /// Notes what became of a request.
  func end(_ outcome: ReceivedRequest.Outcome, number: Int, part: String) {
    let now = elapsed
    with { pages in
      pages.totals[part, default: RequestTotals()].end(outcome)
      pages.total.end(outcome)
      guard let index = Self.index(of: number, in: pages.requests) else { return }
      pages.requests[index].outcome = outcome
      pages.requests[index].endedAt = now
    }
  }

  /// Notes a connection; its number, and whether it is to be reset.
  func connect() -> (number: Int, isReset: Bool) {
    with { pages in
      let number = pages.connections
      pages.connections += 1
      guard pages.script.resetConnections <= number else { return (number, true) }
      pages.openConnections += 1
      pages.mostConnections = max(pages.mostConnections, pages.openConnections)
      return (number, false)
    }
  }

  /// Notes that a connection is gone.
  func disconnect() { with { $0.openConnections -= 1 } }

  /// Requests are kept in order; some may not be kept.
  private static func index(of number: Int, in requests: [ReceivedRequest]) -> Int? {
    if requests.indices.contains(number), requests[number].number == number { return number }
    return requests.lastIndex { $0.number == number }
  }
}
