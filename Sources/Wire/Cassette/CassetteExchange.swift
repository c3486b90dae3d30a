import Trading

/// One request and how it ended, as a line of a cassette holds it: without secrets.
struct CassetteExchange: Sendable, Hashable {
  let identity: Identity
  /// Which one of the requests with that identity it was, in order of their beginning, from 1.
  let number: Int
  let requestHeaders: [HTTPHeader]
  let requestBody: [UInt8]
  let outcome: Outcome

  /// How it ended.
  enum Outcome: Sendable, Hashable {
    case answered(HTTPResponse)
    case failed(WireError)
  }

  /// What makes two requests the same one: method, address and body.
  ///
  /// Bodies in JSON are the same whatever their spaces and the order of their members.
  struct Identity: Sendable, Hashable {
    let method: HTTPMethod
    let url: String
    private let body: [UInt8]

    /// The identity of what is left of a request after redaction.
    init(_ method: HTTPMethod, redactedURL url: String, redactedBody body: [UInt8]) {
      self.method = method
      self.url = url
      // What is no JSON is compared byte by byte, so the cause is uninteresting.
      self.body = (try? JSONReader.value(of: body)).map { Self.sorted($0).bytes } ?? body
    }

    private static func sorted(_ value: JSONValue) -> JSONValue {
      switch value {
      case .null, .flag, .number, .text: value
      case .array(let elements): .array(elements.map(sorted))
      case .object(let members):
        .object(
          members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { JSONMember($0.name, sorted($0.value)) })
      }
    }
  }
}

extension HTTPRequest {
  /// The identity by which a cassette knows it.
  func identity(under redaction: Redaction) -> CassetteExchange.Identity {
    .init(
      method, redactedURL: redaction.text(RequestAddress.withoutUser(url)),
      redactedBody: redaction.bytes(body))
  }
}

extension WireError {
  /// The error with stars in place of secrets.
  func redacted(by redaction: Redaction) -> WireError {
    switch self {
    case .badURL(let url): .badURL(redaction.text(url))
    case .unreachable(let host, let detail):
      .unreachable(host: redaction.text(host), detail: redaction.text(detail))
    case .untrusted(let host, let detail):
      .untrusted(host: redaction.text(host), detail: redaction.text(detail))
    case .broken(let detail, let wasSent):
      .broken(detail: redaction.text(detail), wasSent: wasSent)
    case .timedOut, .tooLarge, .cancelled, .cassette: self
    }
  }
}
