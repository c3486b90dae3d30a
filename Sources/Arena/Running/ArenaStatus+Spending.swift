package import Journal
package import Trading

extension ArenaStatus {
  /// What models cost, as `status` shows it.
  package struct Spending: Sendable, Equatable {
    /// What was spent on the present UTC day, reservations with their worst case.
    package let today: DaySpending
    /// What each model of each trader consumed within the last 24 hours, sorted by cost, highest
    /// first.
    package let lastDay: [ModelUse]
    /// What may be spent; `nil` when the configuration cannot be read.
    package let caps: SpendingCaps?
    /// Time that ``lastDay`` stands for: since its first call, an hour at least.
    package let measured: Span

    /// What the record says at an instant of the wall clock; `nil` when no call was ever made.
    init?(_ store: SpendingStore, now: Timestamp, caps: SpendingCaps?) throws {
      today = try store.day(CivilDay(now))
      lastDay = try store.use(since: now - .day).sorted { left, right in
        let keys = [left, right].map { (-$0.spent.cost.mantissa, -$0.spent.tokens) }
        return keys[0] == keys[1]
          ? (left.trader, left.model) < (right.trader, right.model) : keys[0] < keys[1]
      }
      self.caps = caps
      let first = try store.firstCall(since: now - .day) ?? now
      measured = max(.hour, now - first)
      guard try !store.latestCalls(1).isEmpty else { return nil }
    }

    /// What the last 24 hours cost in all.
    package var dailyCost: USD { lastDay.reduce(.zero) { $0 + $1.spent.cost } }
    /// The cost of an hour at the pace of ``measured``.
    package var hourlyForecast: USD {
      USD(
        mantissa: ExactMath.scale(
          dailyCost.mantissa, by: Span.hour.ms, over: measured.ms, .halfEven))
    }
    /// The cost of thirty days at that pace.
    package var monthlyForecast: USD { USD(mantissa: hourlyForecast.mantissa * 720) }
  }
}

extension ArenaStatus.Spending {
  func text(_ style: TextStyle) -> String {
    var text = "models today (UTC): \(today.calls) call\(today.calls == 1 ? "" : "s"), "
    text += "\(today.arena.tokens)" + limit(caps?.arenaTokens.map { "\($0)" }) + " tokens, "
    text += Readable.usd(today.arena.cost) + limit(caps?.arenaCost.map(Readable.usd)) + " USD; "
    text +=
      "at the pace of the last \(pace) \(Readable.usd(hourlyForecast)) USD an hour, "
      + "\(Readable.usd(monthlyForecast)) USD in 30 days\n"
    text = style.wrapped(text)
    guard !lastDay.isEmpty else { return text }
    var table = TextTable(columns: [
      .init("model", .left, least: 12), .init("of", .left, least: 10),
      .init("calls in 24 h", .right), .init("tokens", .right, drop: 2), .init("USD", .right),
      .init("USD a call", .right, drop: 1),
    ])
    for use in lastDay {
      table.add([
        use.model.name, use.trader.name, "\(use.calls)", "\(use.spent.tokens)",
        Readable.usd(use.spent.cost),
        use.calls == 0 ? "–" : "\(use.spent.cost.divided(by: use.calls))",
      ])
    }
    return text + table.render(style)
  }

  private var pace: String {
    measured >= .day ? "24 hours" : "\(measured.ms / Span.hour.ms) h"
  }

  private func limit(_ text: String?) -> String { text.map { " of \($0)" } ?? "" }

  func write(into json: inout CanonicalJSON) {
    json.field("calls_today", today.calls)
    json.field("cost_today_usd", today.arena.cost)
    json.field("forecast_hour_usd", hourlyForecast)
    json.field("forecast_month_usd", monthlyForecast)
    json.array("last_24h", lastDay) { json, use in
      json.object { json in
        json.field("calls", use.calls)
        json.field("cost_usd", use.spent.cost)
        json.field("model", use.model.name)
        json.field("tokens", use.spent.tokens)
        json.field("trader", use.trader.name)
      }
    }
    if let cost = caps?.arenaCost {
      json.field("limit_cost_usd", cost)
    } else {
      json.null("limit_cost_usd")
    }
    if let tokens = caps?.arenaTokens {
      json.field("limit_tokens", tokens)
    } else {
      json.null("limit_tokens")
    }
    json.field("tokens_today", today.arena.tokens)
  }
}
