/// The door to the network: the real one, or a cassette that plays what was recorded.
package protocol HTTPTransport: Sendable {
  /// Sends a request once and returns what came back, whatever its status.
  ///
  /// Cancelling the task ends the transfer at once.
  func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse
}

/// Why no response came.
package enum WireError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The address is not one.
  case badURL(String)
  /// The host could not be found or reached; nothing was sent.
  case unreachable(host: String, detail: String)
  /// The certificate was not accepted; nothing was sent.
  case untrusted(host: String, detail: String)
  /// No whole response within the time.
  ///
  /// `wasSent` tells whether the request may have arrived.
  case timedOut(after: Duration, wasSent: Bool)
  /// The connection broke; `wasSent` tells whether the request may have arrived.
  case broken(detail: String, wasSent: Bool)
  /// The response is longer than the request admits.
  case tooLarge(limit: Int)
  /// The task was cancelled; the request may have arrived.
  case cancelled
  /// The cassette has no such exchange, or cannot be read or written.
  case cassette(String)

  /// The error in words.
  package var description: String {
    switch self {
    case .badURL(let url): "expected an http or https address, was \(url)"
    case .unreachable(let host, let detail): "\(host) cannot be reached: \(detail)"
    case .untrusted(let host, let detail): "the certificate of \(host) is refused: \(detail)"
    case .timedOut(let span, _): "no answer within \(Self.text(of: span))"
    case .broken(let detail, _): "the connection broke: \(detail)"
    case .tooLarge(let limit): "the answer is longer than \(limit) bytes"
    case .cancelled: "cancelled"
    case .cassette(let problem): problem
    }
  }

  /// A time in seconds with at most one decimal.
  private static func text(of span: Duration) -> String {
    let tenths =
      (span.components.seconds * 10)
      + (span.components.attoseconds + 50_000_000_000_000_000) / 100_000_000_000_000_000
    return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
  }

  /// Whether the request may have arrived, so that what it asks for may have happened.
  package var mayHaveArrived: Bool {
    switch self {
    case .badURL, .unreachable, .untrusted, .cassette: false
    case .timedOut(_, let wasSent), .broken(_, let wasSent): wasSent
    case .tooLarge, .cancelled: true
    }
  }
}
