package import Journal
import Logging
package import Trading
package import Wire

/// Delivers the messages of alerts; a channel that does not work costs a run some seconds at most.
///
/// A message is told until its arrival is on record: a run that is killed in between tells it
/// twice, and never not at all.
package struct AlertDesk: Sendable {
  /// Who is told, as far as the record needs it.
  package let routing: AlertRouting
  /// The channels that nobody can be told through, and why.
  package let silenced: [SilencedChannel]
  private let channels: [AlertChannel]
  private let transport: any HTTPTransport
  private let arena: String
  private let redaction: Redaction
  /// Called before (`notify.before`) and after (`notify.after`) each request.
  private let faults: @Sendable (String) -> Void

  /// How long deliveries may take in all in one run, and one request of them.
  private static let patience = 5_000.0
  private static let requestPatience = 4_000.0
  /// Of the run's deadline this is left for its end, ms.
  private static let spared = 500.0
  /// With less time, ms, nothing is begun.
  private static let leastTime = 100.0
  /// Messages to one channel in one run.
  private static let atOnce = 20
  /// The first pause after a try that failed; it doubles up to the longest.
  private static let firstPause = Span.minute
  private static let longestPause = Span.minutes(15)
  /// After so many tries, or this time, a message is given up.
  private static let mostAttempts = 100
  private static let longestWait = Span.day
  /// The longest pause a channel may ask for.
  private static let longestAskedPause = Span.hours(6)

  /// A desk from its parts.
  ///
  /// - Parameters:
  ///   - arena: The arena's name, for people.
  ///   - channels: Who is told.
  ///   - silenced: Who is to be told and cannot; messages to them wait for a day.
  ///   - repeatAfter: After this time an alert that still holds is told again; `nil` = never.
  ///   - transport: The network.
  ///   - faults: Called around each request, for tests that kill the process.
  package init(
    arena: String, channels: [AlertChannel], silenced: [SilencedChannel] = [],
    repeatAfter: Span?, transport: any HTTPTransport,
    faults: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.arena = arena
    self.channels = channels
    self.silenced = silenced
    self.transport = transport
    self.faults = faults
    routing = AlertRouting(
      routes: channels.map { AlertRoute(channel: $0.name, least: $0.least) }
        + silenced.map { AlertRoute(channel: $0.name, least: $0.least) },
      repeatAfter: repeatAfter)
    redaction = Redaction(secrets: channels.flatMap(\.secrets))
  }

  /// Delivers what is due, to all channels at the same time and to each in order.
  ///
  /// - Parameters:
  ///   - store: Where messages wait, and where it is noted what became of them.
  ///   - now: The time of the cycle.
  ///   - clock: The clocks.
  ///   - deadlineMs: When the run must be over, on the monotonic clock.
  /// - Throws: ``JournalError`` when the record fails; never because of a channel.
  package func deliver(
    from store: StateStore, at now: Timestamp, clock: WallClock, deadlineMs: Double
  ) async throws(JournalError) {
    _ = try store.giveUpDeliveries(exceptFor: Set(routing.routes.map(\.channel)), at: now)
    for channel in silenced {
      try store.giveUpDeliveries(
        of: channel.name, queuedBefore: now - Self.longestWait, error: channel.reason, at: now)
    }
    // Each channel has a queue of its own: a full one holds up nobody else's.
    var queues: [(channel: AlertChannel, messages: [AlertDelivery])] = []
    for channel in channels {
      let messages = try store.waitingDeliveries(of: channel.name, limit: Self.atOnce)
      if !messages.isEmpty, !isHeld(messages, now) { queues.append((channel, messages)) }
    }
    guard !queues.isEmpty else { return }
    let end = min(clock.monotonicMs() + Self.patience, deadlineMs - Self.spared)
    let failures = await withTaskGroup(of: JournalError?.self) { group in
      for (channel, messages) in queues {
        group.addTask {
          do throws(JournalError) {
            try await tell(channel, messages, store, now, clock: clock, until: end)
            return nil
          } catch {
            return error
          }
        }
      }
      return await group.reduce(into: [JournalError]()) { list, error in
        if let error { list.append(error) }
      }
    }
    if let first = failures.first { throw first }
  }

  /// Whether a channel is left alone for a while, because its last try failed.
  private func isHeld(_ queue: [AlertDelivery], _ now: Timestamp) -> Bool {
    queue.contains { $0.attempts > 0 && $0.nextTryAt > now }
  }

  /// Delivers the messages of one channel in order, up to the first one that does not arrive.
  private func tell(
    _ channel: AlertChannel, _ queue: [AlertDelivery], _ store: StateStore,
    _ now: Timestamp, clock: WallClock, until end: Double
  ) async throws(JournalError) {
    for delivery in queue {
      let left = min(Self.requestPatience, end - clock.monotonicMs())
      guard left >= Self.leastTime, !Shutdown.isRequested else { return }
      switch await send(delivery, to: channel, within: .milliseconds(Int64(left)), clock) {
      case .arrived: try store.noteDelivered(delivery.number, at: now)
      case .refused(let error):
        try store.noteUndelivered(delivery.number, error: error, at: now, nextTryAt: nil)
      case .failed(let error, let asked):
        return try pause(channel, delivery, error, asked, store, now)
      }
    }
  }

  /// How a try ended.
  private enum Outcome {
    case arrived
    /// This message will never be taken.
    case refused(String)
    /// The channel does not work; it may have asked for a pause.
    case failed(String, pause: Span?)
  }

  private func send(
    _ delivery: AlertDelivery, to channel: AlertChannel, within timeout: Duration,
    _ clock: WallClock
  ) async -> Outcome {
    let request = channel.request(for: delivery, arena: arena, timeout: timeout)
    faults("notify.before")
    defer { faults("notify.after") }
    do throws(WireError) {
      let response = try await transport.send(request)
      if (200..<300).contains(response.status) { return .arrived }
      let error = words(response)
      guard !channel.isRefusal(response.status) else { return .refused(error) }
      let asked = RetryPolicy.retryAfter(in: response, now: clock.now())
      return .failed(error, pause: asked.map { Span(ms: Int64($0 / .milliseconds(1))) })
    } catch {
      return .failed(redaction.text(error.description), pause: nil)
    }
  }

  /// What a channel answered, in a few words without secrets.
  private func words(_ response: HTTPResponse) -> String {
    let said = redaction.text(String(decoding: response.body.prefix(2_000), as: UTF8.self))
    let text = Readable.clipped(Readable.harmlessLine(said), to: 120)
    return "HTTP \(response.status)" + (text.isEmpty ? "" : ": \(text)")
  }

  /// Leaves a channel alone for a while; what has waited for too long is given up.
  private func pause(
    _ channel: AlertChannel, _ delivery: AlertDelivery, _ error: String, _ asked: Span?,
    _ store: StateStore, _ now: Timestamp
  ) throws(JournalError) {
    let isOver =
      delivery.attempts + 1 >= Self.mostAttempts || now - delivery.queuedAt >= Self.longestWait
    let own = Span(
      ms: min(Self.longestPause.ms, Self.firstPause.ms << Int64(min(delivery.attempts, 10))))
    let span = max(own, min(asked ?? .zero, Self.longestAskedPause))
    try store.noteUndelivered(
      delivery.number, error: error, at: now, nextTryAt: isOver ? nil : now + span)
    guard isOver else { return }
    try store.giveUpDeliveries(
      of: channel.name, queuedBefore: now - Self.longestWait, error: error, at: now)
  }
}

/// A channel that is configured and cannot be told, because a secret of it is missing or no good.
package struct SilencedChannel: Sendable, Equatable {
  /// Its name.
  package let name: String
  /// It is to be told of alerts at least that urgent.
  package let least: AlertSeverity
  /// Why it cannot, and what to do, in words without secrets.
  package let reason: String

  /// A channel from its parts.
  package init(name: String, least: AlertSeverity, reason: String) {
    self.name = name
    self.least = least
    self.reason = reason
  }
}

/// Builds what delivers alerts; nothing of it touches the network yet.
enum AlertComposition {
  /// The desk of a run; no run stays away because of a channel.
  static func desk(
    for config: ArenaConfig, environment: ConfigEnvironment, log: Logger, faults: FaultInjection?
  ) -> AlertDesk {
    var channels: [AlertChannel] = []
    var silenced: [SilencedChannel] = []
    for draft in config.alerts.channels {
      do throws(SecretFailure) {
        channels.append(try AlertChannel(draft, environment))
      } catch {
        silenced.append(
          SilencedChannel(
            name: draft.name, least: draft.leastSeverity, reason: error.description))
        log.error(
          "nobody is told of alerts there",
          metadata: ["channel": "\(draft.name)", "error": "\(error.description)"])
      }
    }
    return AlertDesk(
      arena: config.name, channels: channels, silenced: silenced,
      repeatAfter: config.alerts.repeatAfter,
      transport: LiveTransport(LiveSettings(caFile: config.llm.caFile)),
      faults: { faults?.reach($0) })
  }
}
