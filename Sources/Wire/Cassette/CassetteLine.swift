import Trading

/// Writes and reads one line of a cassette: a JSON object whose names ascend.
enum CassetteLine {
  /// The line, with its line feed.
  static func bytes(of exchange: CassetteExchange) -> [UInt8] {
    let request = JSONValue.object([
      body(exchange.requestBody), headers(exchange.requestHeaders),
      JSONMember("method", .text(exchange.identity.method.rawValue)),
      JSONMember("url", .text(exchange.identity.url)),
    ])
    let number = JSONMember("number", .number(exchange.number))
    let line =
      switch exchange.outcome {
      case .answered(let response):
        [
          number, JSONMember("request", request),
          JSONMember(
            "response",
            .object([
              body(response.body), headers(response.headers),
              JSONMember("status", .number(response.status)),
            ])),
        ]
      case .failed(let error):
        [JSONMember("failure", failure(error)), number, JSONMember("request", request)]
      }
    return JSONValue.object(line).bytes + [0x0A]
  }

  /// Reads a line without its line feed; `nil` when it is none.
  static func exchange(of bytes: [UInt8]) -> CassetteExchange? {
    // Where a line is broken is told by its number; how, would not help.
    guard let line = try? JSONReader.value(of: bytes), let request = line["request"],
      let method = request["method"]?.text.flatMap(HTTPMethod.init(rawValue:)),
      let url = request["url"]?.text, let body = readBody(of: request),
      let headers = readHeaders(of: request), let number = line["number"]?.whole,
      let outcome = readOutcome(of: line)
    else { return nil }
    return CassetteExchange(
      identity: .init(method, redactedURL: url, redactedBody: body), number: number,
      requestHeaders: headers, requestBody: body, outcome: outcome)
  }

  private static func readOutcome(of line: JSONValue) -> CassetteExchange.Outcome? {
    if let failure = line["failure"] { return readFailure(failure).map { .failed($0) } }
    guard let response = line["response"], let status = response["status"]?.whole,
      let headers = readHeaders(of: response), let body = readBody(of: response)
    else { return nil }
    return .answered(HTTPResponse(status: status, headers: headers, body: body))
  }
}

// MARK: Bodies and headers

extension CassetteLine {
  private static func body(_ bytes: [UInt8]) -> JSONMember {
    if let text = String(validating: bytes, as: UTF8.self) {
      JSONMember("body", .text(text))
    } else {
      JSONMember("body_base64", .text(Base64.text(of: bytes)))
    }
  }

  private static func readBody(of value: JSONValue) -> [UInt8]? {
    if let text = value["body"]?.text { return Array(text.utf8) }
    return value["body_base64"]?.text.flatMap(Base64.bytes(of:))
  }

  private static func headers(_ headers: [HTTPHeader]) -> JSONMember {
    JSONMember("headers", .array(headers.map { .array([.text($0.name), .text($0.value)]) }))
  }

  private static func readHeaders(of value: JSONValue) -> [HTTPHeader]? {
    guard let rows = value["headers"]?.elements else { return nil }
    let headers = rows.compactMap { row -> HTTPHeader? in
      guard let name = row[0]?.text, let value = row[1]?.text else { return nil }
      return HTTPHeader(name, value)
    }
    return headers.count == rows.count ? headers : nil
  }
}

// MARK: Failures

extension CassetteLine {
  private static func failure(_ error: WireError) -> JSONValue {
    func members(_ kind: String, _ fields: [(String, JSONValue)]) -> JSONValue {
      .object((fields + [("kind", .text(kind))]).sorted { $0.0 < $1.0 }.map(JSONMember.init))
    }
    return switch error {
    case .badURL(let url): members("bad_url", [("url", .text(url))])
    case .unreachable(let host, let detail):
      members("unreachable", [("detail", .text(detail)), ("host", .text(host))])
    case .untrusted(let host, let detail):
      members("untrusted", [("detail", .text(detail)), ("host", .text(host))])
    case .timedOut(let span, let wasSent):
      members(
        "timed_out",
        [("after_ms", .number(Int(span / .milliseconds(1)))), ("was_sent", .flag(wasSent))])
    case .broken(let detail, let wasSent):
      members("broken", [("detail", .text(detail)), ("was_sent", .flag(wasSent))])
    case .tooLarge(let limit): members("too_large", [("limit", .number(limit))])
    case .cancelled: members("cancelled", [])
    case .cassette(let problem): members("cassette", [("detail", .text(problem))])
    }
  }

  private static func readFailure(_ value: JSONValue) -> WireError? {
    let detail = value["detail"]?.text
    let host = value["host"]?.text
    let wasSent = value["was_sent"]?.flag
    switch value["kind"]?.text {
    case "bad_url": return value["url"]?.text.map { .badURL($0) }
    case "unreachable":
      guard let host, let detail else { return nil }
      return .unreachable(host: host, detail: detail)
    case "untrusted":
      guard let host, let detail else { return nil }
      return .untrusted(host: host, detail: detail)
    case "timed_out":
      guard let ms = value["after_ms"]?.whole, let wasSent else { return nil }
      return .timedOut(after: .milliseconds(ms), wasSent: wasSent)
    case "broken":
      guard let detail, let wasSent else { return nil }
      return .broken(detail: detail, wasSent: wasSent)
    case "too_large": return value["limit"]?.whole.map { .tooLarge(limit: $0) }
    case "cancelled": return .cancelled
    case "cassette": return detail.map { .cassette($0) }
    default: return nil
    }
  }
}
