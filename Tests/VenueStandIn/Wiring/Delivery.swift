import Trading

/// What goes over the wire for a request, and how the connection fares.
struct Delivery: Sendable {
  /// Bytes to be sent; empty = nothing.
  var bytes: [UInt8] = []
  /// How long to wait before the request is looked at is not in here; this is before sending.
  var delay: Duration = .zero
  var ending = Ending.kept

  /// What becomes of the connection.
  enum Ending: Sendable {
    /// It may serve another request.
    case kept
    /// It is closed in order.
    case closed
    /// It is reset.
    case reset
    /// It stays open and silent until the client leaves.
    case silent
  }

  /// The answer as HTTP.
  static func answer(_ answer: VenueAnswer, date: Timestamp) -> Delivery {
    Delivery(bytes: head(answer, date: date) + answer.body)
  }

  static func head(_ answer: VenueAnswer, date: Timestamp) -> [UInt8] {
    Array(
      ("HTTP/1.1 \(answer.status) \(reason(answer.status))\r\nDate: \(httpDate(date))\r\n"
        + "Content-Type: \(answer.contentType)\r\nContent-Length: \(answer.body.count)\r\n"
        + "Server: nginx\r\n\r\n").utf8)
  }

  private static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 400: "Bad Request"
    case 404: "Not Found"
    case 415: "Unsupported Media Type"
    case 422: "Unprocessable Entity"
    case 429: "Too Many Requests"
    case 500: "Internal Server Error"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    default: "Status"
    }
  }

  /// An instant as RFC 9110 wants it: `Sat, 21 Nov 2026 14:45:32 GMT`.
  static func httpDate(_ instant: Timestamp) -> String {
    let day = CivilDay(instant)
    let parts = day.description.split(separator: "-")
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    // 1970-01-01 was a Thursday.
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let seconds = (instant - day.start).ms / 1000
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let month = months[((Int(parts[1]) ?? 1) - 1) % 12]
    return "\(days[Int(day.number % 7)]), \(parts[2]) \(month) \(parts[0]) "
      + "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60)) GMT"
  }
}
