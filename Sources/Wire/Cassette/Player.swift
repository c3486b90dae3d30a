import Glibc

/// Answers from a cassette; there is no network behind it.
///
/// A request is known by its method, its redacted address and its redacted body; see
/// ``Recorder``. The n-th request of one kind gets the n-th recorded answer of that kind, in the
/// order in which they were begun. Recorded failures are thrown again, without the time they took.
package actor Player: HTTPTransport {
  /// What was left out of the cassette; empty for none.
  package nonisolated let diagnostics: [String]

  private let path: String
  private let redaction: Redaction
  private let whenExhausted: Exhaustion
  private var outcomes: [CassetteExchange.Identity: [CassetteExchange.Outcome]] = [:]
  private var played: [CassetteExchange.Identity: Int] = [:]

  /// What is done when a request comes more often than it was recorded.
  package enum Exhaustion: Sendable {
    /// It is an error: the program asks otherwise than it did when it was recorded.
    case refuse
    /// The last recorded answer is given again.
    case repeatLast
  }

  /// A player of a file.
  ///
  /// - Parameters:
  ///   - path: The cassette.
  ///   - redaction: The one it was recorded with.
  ///   - whenExhausted: What is done when a request comes more often than recorded.
  /// - Throws: ``WireError/cassette(_:)`` when the file cannot be read.
  package init(
    _ path: String, redaction: Redaction, whenExhausted: Exhaustion = .refuse
  ) throws(WireError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw CassetteFile.problem("be opened", path) }
    defer { Glibc.close(file) }
    let bytes = try CassetteFile.contents(of: file, path: path)
    let cassette = try CassetteFile(bytes, path: path)
    for exchange in cassette.exchanges.sorted(by: { $0.number < $1.number }) {
      outcomes[exchange.identity, default: []].append(exchange.outcome)
    }
    diagnostics = cassette.diagnostics
    self.path = path
    self.redaction = redaction
    self.whenExhausted = whenExhausted
  }

  /// Gives the recorded answer.
  ///
  /// - Throws: The recorded failure, or ``WireError/cassette(_:)`` for a request that was not
  ///   recorded.
  package func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    guard !Task.isCancelled else { throw .cancelled }
    let identity = request.identity(under: redaction.hiding(request))
    let shown = "\(request.method.rawValue) \(RequestAddress.shown(identity.url))"
    guard let known = outcomes[identity], let last = known.last else {
      throw .cassette("\(path) has no answer for \(shown) with this body; record it anew")
    }
    let index = played[identity, default: 0]
    guard index < known.count || whenExhausted == .repeatLast else {
      throw .cassette(
        "\(path) has \(known.count) answers for \(shown) with this body, expected one more; "
          + "record it anew")
    }
    played[identity] = index + 1
    switch index < known.count ? known[index] : last {
    case .answered(let response): return response
    case .failed(let error): throw error
    }
  }
}
