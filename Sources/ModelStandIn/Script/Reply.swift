package import Trading

/// An answer of a model.
package struct Reply: Sendable {
  /// What it says.
  package var content: Content
  /// How it reasoned; empty = it does not tell.
  package var reasoning: String
  /// Why it stopped.
  package var finish: Finish
  /// What it says it consumed.
  package var usage: Usage
  /// Whether it uses a tool it was offered.
  package var toolUse: ToolUse
  /// The header `Content-Type`.
  package var contentType: String
  /// How the end of the body is told.
  package var framing: Framing

  /// What an answer says.
  package enum Content: Sendable {
    /// Any text.
    case text(String)
    /// A valid decision; see ``DecisionWish``.
    case decision(DecisionWish)
  }

  /// Why a model stopped.
  package enum Finish: Sendable, Hashable {
    /// It had said everything, or called a tool.
    case stop
    /// At the limit of tokens.
    case length
    /// The provider filtered the answer.
    case contentFilter
    /// It refused; the text is its refusal.
    case refusal
  }

  /// What a model says it consumed.
  package enum Usage: Sendable, Hashable {
    /// As the server counts: a token for every four bytes begun.
    case counted
    /// That much.
    case reported(TokenUsage)
    /// Nothing is said; what is booked is as counted.
    case missing
  }

  /// Whether a model uses a tool it was offered.
  package enum ToolUse: Sendable, Hashable {
    /// The answer is the argument of the first tool offered, if any.
    case whenOffered
    /// The answer is always text.
    case never
  }

  /// How the end of a body is told.
  package enum Framing: Sendable, Hashable {
    /// By `Content-Length`.
    case length
    /// By chunks.
    case chunks
    /// By closing the connection.
    case close
  }

  /// An answer from its parts.
  package init(
    _ content: Content = .decision(.hold), reasoning: String = "", finish: Finish = .stop,
    usage: Usage = .counted, toolUse: ToolUse = .whenOffered,
    contentType: String = "application/json", framing: Framing = .length
  ) {
    self.content = content
    self.reasoning = reasoning
    self.finish = finish
    self.usage = usage
    self.toolUse = toolUse
    self.contentType = contentType
    self.framing = framing
  }
}

/// A decision that a stand-in shall make.
package enum DecisionWish: Sendable, Hashable {
  /// Does nothing.
  case hold
  /// Opens a position, with stop and target around a price found in the question.
  ///
  /// `coin` = `nil` takes the first one with a price. Without a price it holds and says so.
  case enter(coin: String?, Direction = .long, sizeUSD: Int = 1000, leverage: Int = 1)
  /// Closes a position, all of it or a fraction above 0 and below 1 as decimal text.
  case close(coin: String, fraction: String? = nil)

  /// Which way to go.
  package enum Direction: Sendable, Hashable {
    /// Gains when the price rises.
    case long
    /// Gains when it falls.
    case short
  }
}
