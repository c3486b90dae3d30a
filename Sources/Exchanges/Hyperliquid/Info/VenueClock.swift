import Synchronization
package import Trading
package import Wire

/// The venue's time, learned from the `Date` of its answers.
package final class VenueClock: Sendable {
  /// Our time.
  let ours: @Sendable () -> Timestamp
  /// What the skew may be, in ms; `nil` before the first answer.
  private let known = Mutex<ClosedRange<Int64>?>(nil)

  /// A skew up to this may come from the whole seconds of `Date` and is left alone.
  package static let tolerance = Span.seconds(2)

  /// A clock that has learned nothing yet, over ours.
  package init(now: @escaping @Sendable () -> Timestamp) { ours = now }

  /// Learns from an answer.
  ///
  /// `Date` has whole seconds: at some moment between sending and receiving the venue's time was
  /// within the second it names. What several answers admit together counts; where they contradict
  /// each other, a clock was set and the last one counts. Answers without a date teach nothing.
  package func learn(from response: HTTPResponse, sentAt: Timestamp, receivedAt: Timestamp) {
    guard sentAt <= receivedAt, let date = response.header("date").flatMap(Self.instant(ofDate:))
    else { return }
    let seen = (date - receivedAt).ms...(date - sentAt).ms + 999
    known.withLock { known in
      guard let before = known, before.overlaps(seen) else { return known = seen }
      known = before.clamped(to: seen)
    }
  }

  /// The venue's time less ours: the smallest that the answers admit, zero when ours may be right;
  /// `nil` before the first answer.
  package var skew: Span? {
    known.withLock { $0 }.map { Span(ms: max($0.lowerBound, min(0, $0.upperBound))) }
  }

  /// The venue's time as well as it is known; ours while they differ by at most ``tolerance``.
  package var now: Timestamp {
    let skew = skew ?? .zero
    return abs(skew.ms) > Self.tolerance.ms ? ours() + skew : ours()
  }
}

extension VenueClock {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The instant of `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110); `nil` for every other form.
  private static func instant(ofDate text: String) -> Timestamp? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let day = Int64(words[1]),
      let month = months.firstIndex(of: String(words[2])), let year = Int64(words[3]),
      let date = CivilDay(year: year, month: Int64(month + 1), day: day)
    else { return nil }
    let clock = words[4].split(separator: ":").compactMap { Int64($0) }
    guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]),
      (0...60).contains(clock[2])
    else { return nil }
    return date.start + .hours(clock[0]) + .minutes(clock[1]) + .seconds(clock[2])
  }
}
