import Trading
import Wire

/// How long a provider asks to wait.
enum RetryAfter {
  /// The longest wait that is read, seconds; longer ones count as this.
  static let longestSeconds = 86_400.0

  /// The wait a response asks for; `nil` = it does not, or not in a known form.
  ///
  /// Read are `retry-after-ms`, `Retry-After` in seconds, and `Retry-After` as a date (RFC 9110),
  /// counted from the response's own `Date`.
  static func span(in response: HTTPResponse) -> Duration? {
    if let ms = response.header("retry-after-ms").flatMap(Double.init) {
      return duration(seconds: ms / 1000)
    }
    guard let value = response.header("retry-after") else { return nil }
    if let seconds = Double(value) { return duration(seconds: seconds) }
    guard let then = instant(value), let now = response.header("date").flatMap(instant) else {
      return nil
    }
    return duration(seconds: (then - now).ms >= 0 ? Double((then - now).ms) / 1000 : 0)
  }

  private static func duration(seconds: Double) -> Duration? {
    guard seconds >= 0 else { return nil }
    return .milliseconds(Int64(min(seconds, longestSeconds) * 1000))
  }

  /// The instant of a date like `Wed, 21 Oct 2015 07:28:00 GMT`; `nil` for other forms.
  private static func instant(_ text: String) -> Timestamp? {
    let parts = text.split(separator: " ")
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard parts.count == 6, parts[5] == "GMT", let day = Int64(parts[1]),
      let month = months.firstIndex(of: String(parts[2])), let year = Int64(parts[3]),
      (1970...9999).contains(year),
      let date = CivilDay(year: year, month: Int64(month) + 1, day: day)
    else { return nil }
    let clock = parts[4].split(separator: ":").compactMap { Int64($0) }
    guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]),
      (0...60).contains(clock[2])
    else { return nil }
    return date.start + .seconds(clock[0] * 3600 + clock[1] * 60 + clock[2])
  }
}
