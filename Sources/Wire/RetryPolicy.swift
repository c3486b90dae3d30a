package import Trading

/// How one attempt ended, as far as repeating it matters.
package enum Attempt: Sendable, Hashable {
  /// A response came.
  case answered(HTTPResponse)
  /// No response came.
  case failed(WireError)
}

/// Whether a request may be performed twice.
package enum Repeatability: Sendable, Hashable, CaseIterable {
  /// Performing it again changes nothing, or costs little: reading, asking a model.
  case harmless
  /// Performing it twice does harm: an order. Only what was surely not performed is repeated.
  case harmful
}

/// When a request is sent again, and how long to wait before; pure data.
package struct RetryPolicy: Sendable, Hashable {
  /// Attempts in all, at least 1.
  package let maxAttempts: Int
  /// The longest wait before the second attempt; it doubles with every further one.
  package let baseDelay: Duration
  /// The longest wait that is chosen by ourselves.
  package let maxDelay: Duration
  /// The longest wait a host may ask for; when it asks for more, nothing is repeated.
  package let maxRetryAfter: Duration

  /// A policy from its parts.
  package init(
    maxAttempts: Int = 3, baseDelay: Duration = .milliseconds(500),
    maxDelay: Duration = .seconds(8), maxRetryAfter: Duration = .seconds(60)
  ) {
    self.maxAttempts = max(1, maxAttempts)
    self.baseDelay = max(.zero, baseDelay)
    self.maxDelay = max(.zero, maxDelay)
    self.maxRetryAfter = max(.zero, maxRetryAfter)
  }

  /// Never sends anything again.
  package static let once = RetryPolicy(maxAttempts: 1)

  /// How long to wait before sending again.
  ///
  /// The wait is drawn evenly from zero to the doubling limit ("full jitter"). A host that says
  /// `Retry-After` or `retry-after-ms` is given the time it asks for, and up to ``baseDelay`` more,
  /// so that many callers do not come back at once.
  ///
  /// - Parameters:
  ///   - attempt: Number of the attempt that just ended, from 1.
  ///   - outcome: How it ended.
  ///   - repeatability: Whether the request may be performed twice.
  ///   - now: The present, for a `Retry-After` that is a date.
  ///   - generator: Where the jitter is drawn from; drawn from once, and only if there is a wait.
  /// - Returns: `nil` = do not send again.
  package func delay(
    afterAttempt attempt: Int, endingWith outcome: Attempt, of repeatability: Repeatability,
    now: Timestamp, using generator: inout SeededGenerator
  ) -> Duration? {
    guard attempt < maxAttempts, Self.isWorthRepeating(outcome, repeatability) else { return nil }
    var asked: Duration?
    if case .answered(let response) = outcome {
      asked = Self.retryAfter(in: response, now: now)
      if let asked, asked > maxRetryAfter { return nil }
    }
    return wait(afterAttempt: attempt, asked: asked, using: &generator)
  }

  /// How long to wait before sending again, once it is decided that this is done.
  ///
  /// Evenly between zero and a limit that doubles (Brooker, "Exponential backoff and jitter", AWS
  /// 2015). What a host asked for is waited in full, with up to ``baseDelay`` on top.
  package func wait(
    afterAttempt attempt: Int, asked: Duration?, using generator: inout SeededGenerator
  ) -> Duration {
    if let asked { return asked + generator.unit() * min(baseDelay, maxDelay) }
    let doublings = min(max(attempt, 1) - 1, 30)
    return generator.unit() * min(maxDelay, baseDelay * (1 << doublings))
  }

  /// Whether sending again may help, and does no harm.
  ///
  /// Helped are 408, 425, 429, 5xx other than 501 and 505, a host that was not reached, time-outs
  /// and broken connections. What is harmful to perform twice is repeated only after 429 and after
  /// errors where nothing was sent.
  package static func isWorthRepeating(_ outcome: Attempt, _ repeatability: Repeatability) -> Bool {
    switch (outcome, repeatability) {
    case (.answered(let response), .harmless):
      [408, 425, 429].contains(response.status)
        || (500...599).contains(response.status) && ![501, 505].contains(response.status)
    case (.answered(let response), .harmful): response.status == 429
    case (.failed(let error), let repeatability):
      switch error {
      case .unreachable: true
      case .timedOut(_, let wasSent), .broken(_, let wasSent):
        !wasSent || repeatability == .harmless
      case .badURL, .untrusted, .tooLarge, .cancelled, .cassette: false
      }
    }
  }

  /// The wait a response asks for, from zero to a day; `nil` when it asks for none that can be
  /// read.
  ///
  /// Read are `retry-after-ms`, `Retry-After` in seconds, and `Retry-After` as a date (RFC 9110),
  /// counted from `now`; without it from the response's own `Date`.
  package static func retryAfter(in response: HTTPResponse, now: Timestamp? = nil) -> Duration? {
    if let ms = response.header("retry-after-ms").flatMap(Double.init) { return span(ms: ms) }
    guard let text = response.header("retry-after") else { return nil }
    if let seconds = Double(text) { return span(ms: seconds * 1000) }
    guard let then = HTTPDate.instant(text),
      let now = now ?? response.header("date").flatMap(HTTPDate.instant)
    else { return nil }
    return span(ms: max(0, Double((then - now).ms)))
  }

  private static func span(ms: Double) -> Duration? {
    ms >= 0 ? .milliseconds(Int64(min(ms, 86_400_000).rounded(.up))) : nil
  }
}

/// The date of RFC 9110 as servers write it: `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `nil` for every other form, the two obsolete ones included.
  static func instant(_ text: String) -> Timestamp? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT",
      let day = Int64(words[1]), let month = months.firstIndex(of: String(words[2])),
      let year = Int64(words[3]),
      let date = CivilDay(year: year, month: Int64(month + 1), day: day)
    else { return nil }
    let clock = words[4].split(separator: ":", omittingEmptySubsequences: false)
    let parts = clock.compactMap { $0.utf8.count == 2 ? Int64($0) : nil }
    guard clock.count == 3, parts.count == 3, (0..<24).contains(parts[0]),
      (0..<60).contains(parts[1]), (0...60).contains(parts[2])
    else { return nil }
    return date.start + .hours(parts[0]) + .minutes(parts[1]) + .seconds(parts[2])
  }
}

/// A share of a duration, to the nanosecond.
private func * (share: Double, whole: Duration) -> Duration {
  .nanoseconds(Int64(share * (whole / .nanoseconds(1))))
}
