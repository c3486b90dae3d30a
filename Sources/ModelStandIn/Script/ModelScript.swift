package import Trading

/// What a ``ModelServer`` does with each request.
///
/// A request plays the part named by its header `X-Stand-In`, else by a path that begins with
/// `/as/PART/`, else by the model its body asks for. The n-th request of a part gets its n-th
/// turn; the last turn repeats.
package struct ModelScript: Sendable {
  /// The turns of each part in order; an empty list counts as a part that is not named.
  package var parts: [String: [Turn]]
  /// The turns of each part not named in ``parts``; never empty.
  package var otherwise: [Turn]
  /// What each part's answers cost; a part that is not named costs nothing.
  package var prices: [String: TokenPrices]
  /// The key that every request must carry; `nil` = none is asked for.
  package var key: String?
  /// How many connections are reset as soon as they are accepted, the first ones.
  package var resetConnections: Int
  /// How much of a request is read and kept.
  package var reading: Reading

  /// How much of a request is read and kept.
  package enum Reading: Sendable {
    /// All of it; a request the real provider would refuse gets its status 400.
    case all
    /// Only its part's name in header or path, to serve thousands with little time and memory.
    ///
    /// Bodies are not looked at, no tool is used, and ``ModelServer/requests`` stays empty.
    case names
  }

  /// A script from its parts.
  package init(
    parts: [String: [Turn]] = [:], otherwise: [Turn] = [Turn(.answer(Reply()))],
    prices: [String: TokenPrices] = [:], key: String? = nil, resetConnections: Int = 0,
    reading: Reading = .all
  ) {
    precondition(!otherwise.isEmpty, "expected a turn for parts not named, was none")
    self.parts = parts
    self.otherwise = otherwise
    self.prices = prices
    self.key = key
    self.resetConnections = resetConnections
    self.reading = reading
  }

  /// The turn of the n-th request of a part, counted from 0.
  func turn(_ number: Int, of part: String) -> Turn {
    let named = parts[part] ?? []
    let turns = named.isEmpty ? otherwise : named
    return turns[min(number, turns.count - 1)]
  }
}

/// What one request gets, and when.
package struct Turn: Sendable {
  /// What it gets.
  package var act: Act
  /// Time from its last byte to the first byte of the answer.
  package var delay: Duration

  /// A turn from its parts.
  package init(_ act: Act, after delay: Duration = .zero) {
    self.act = act
    self.delay = delay
  }

  /// A good answer with that text; see ``Reply``.
  package static func says(_ text: String, after delay: Duration = .zero) -> Turn {
    Turn(.answer(Reply(.text(text))), after: delay)
  }
}

/// Ways to treat a request, good and bad.
package enum Act: Sendable {
  /// An answer in the form of the API that was asked.
  case answer(Reply)
  /// An error in the form of the API that was asked.
  ///
  /// `retryAfter` is what the header says; `nil` = there is none.
  case failure(status: Int, message: String, retryAfter: RetryAfter? = nil)
  /// Status 401 with a body that repeats the key the request carried.
  case echoedKey
  /// An HTML page.
  case page(status: Int)
  /// A head without a body.
  case empty(status: Int)
  /// A good answer whose JSON ends in the middle, its length stated correctly.
  case truncated(Reply)
  /// A good answer, its body in pieces of one byte with a pause before each.
  case trickled(Reply, every: Duration = .milliseconds(100))
  /// Nothing, until the client goes away or the server stops.
  case hang
  /// The head and half of a good answer, then nothing, until the client goes away.
  case hangInside(Reply)
  /// The connection ends too early.
  case drop(DropPoint, by: Ending = .reset)
  /// Just that, byte by byte.
  case steps([WireStep])
}

/// How long to wait, in the words of a header.
package enum RetryAfter: Sendable, Hashable {
  /// A number of seconds.
  case seconds(Int)
  /// The time of day so many seconds from now, as an HTTP date.
  case date(inSeconds: Int)
  /// Any text.
  case text(String)
}

/// When a connection ends too early.
package enum DropPoint: Sendable, Hashable {
  /// After the head of the request, its body unread.
  ///
  /// The part must be named by header or path; else the body is read first.
  case beforeBody
  /// After the whole request.
  case beforeAnswer
  /// After the head of the answer.
  case afterHead
  /// After half of the answer's body.
  case insideBody
}

/// How a connection ends.
package enum Ending: Sendable, Hashable {
  /// In order (FIN).
  case closed
  /// At once, whatever is under way is lost (RST).
  case reset
}

/// A step of an answer on the wire.
package enum WireStep: Sendable {
  /// Sends bytes.
  case send([UInt8])
  /// Waits.
  case wait(Duration)
  /// Waits until the client goes away or the server stops.
  case hang
  /// Ends the connection; steps after it are not taken.
  case end(Ending)
}
