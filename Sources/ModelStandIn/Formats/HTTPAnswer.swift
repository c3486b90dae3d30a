import Glibc

/// Writes HTTP/1.1 heads and bodies.
enum HTTPAnswer {
  /// Head and body as they go over the wire.
  struct Parts {
    let head: [UInt8]
    let body: [UInt8]
    /// Whether the connection ends behind it.
    let closes: Bool
  }

  /// An answer with further header lines; an empty content type is left out.
  static func parts(
    status: Int, contentType: String, headers: [String] = [], body: [UInt8],
    framing: Reply.Framing = .length, keepsAlive: Bool
  ) -> Parts {
    let closes = !keepsAlive || framing == .close
    var lines = ["HTTP/1.1 \(status) \(reason(status))", "Server: model-stand-in"]
    if !contentType.isEmpty { lines.append("Content-Type: \(contentType)") }
    lines += headers
    lines.append("Connection: \(closes ? "close" : "keep-alive")")
    switch framing {
    case .length: lines.append("Content-Length: \(body.count)")
    case .chunks: lines.append("Transfer-Encoding: chunked")
    case .close: break
    }
    let head = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    let wired = framing == .chunks ? chunked(body) : body
    return Parts(head: head, body: wired, closes: closes)
  }

  /// The words behind a status.
  static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 413: "Content Too Large"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 529: "Overloaded"
    default: "Status"
    }
  }

  /// The header line that says how long to wait.
  static func line(_ retryAfter: RetryAfter) -> String {
    switch retryAfter {
    case .seconds(let seconds): "Retry-After: \(seconds)"
    case .date(let seconds): "Retry-After: \(date(time(nil) + seconds))"
    case .text(let text): "Retry-After: \(text)"
    }
  }

  /// An instant as RFC 9110 writes it, for example `Sun, 06 Nov 1994 08:49:37 GMT`.
  private static func date(_ seconds: time_t) -> String {
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    var instant = seconds
    var parts = tm()
    gmtime_r(&instant, &parts)
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(twoDigits)
    return "\(days[Int(parts.tm_wday)]), \(twoDigits(parts.tm_mday)) "
      + "\(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900) "
      + "\(clock.joined(separator: ":")) GMT"
  }

  private static func twoDigits(_ number: Int32) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }

  /// Two chunks, so that a client has to put them together.
  private static func chunked(_ body: [UInt8]) -> [UInt8] {
    let middle = body.count / 2
    var wired: [UInt8] = []
    for piece in [body[..<middle], body[middle...]] where !piece.isEmpty {
      wired += Array("\(String(piece.count, radix: 16))\r\n".utf8)
      wired += piece
      wired += Array("\r\n".utf8)
    }
    return wired + Array("0\r\n\r\n".utf8)
  }
}
