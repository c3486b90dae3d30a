package import Trading

/// Watches the limits over all traders of an account, and fires and resets its kill switches.
package enum LimitWatch {
  /// The ids of the limits, in the order they are checked.
  package static let rules = LimitRule.allCases.map(\.rawValue)

  /// The limits an account breaches, in the order of ``rules``, coins in their order.
  ///
  /// A measure at its limit is within it.
  package static func breaches(
    of limits: GlobalLimits, by measures: AccountMeasures
  ) -> [LimitBreach] {
    LimitRule.allCases.flatMap { rule in
      rule.readings(limits, measures).compactMap { reading in
        guard reading.measured > reading.threshold else { return nil }
        return LimitBreach(
          rule: rule.rawValue, measured: reading.measured, threshold: reading.threshold,
          text: reading.text())
      }
    }
  }

  /// The kill switches that breaches fire.
  ///
  /// A daily loss and a drawdown always fire one, every other limit unless a breach only blocks:
  /// then entries are blocked while it lasts. None is fired while one of the account with the same
  /// cause holds. Of several breaches of one limit the worst counts.
  ///
  /// - Parameters:
  ///   - breaches: What is breached now.
  ///   - limits: What a breach does, and how it is reset.
  ///   - active: Kill switches that hold, of any account.
  ///   - account: The account.
  ///   - now: When.
  ///   - nextNumber: The number of the first one; the others count on.
  /// - Returns: One for each limit that fires, in the order of ``rules``.
  package static func firing(
    _ breaches: [LimitBreach], limits: GlobalLimits, active: [KillSwitch], account: AccountID,
    at now: Timestamp, nextNumber: Int64
  ) -> [KillSwitch] {
    let held = Set(
      active.filter { $0.isActive && $0.account == account && $0.trader == nil }.map(\.cause))
    let causes = LimitRule.allCases.filter { rule in
      (rule.alwaysFires || limits.onBreach != .block) && !held.contains(rule.rawValue)
    }
    let worst = causes.compactMap { rule in
      breaches.filter { $0.rule == rule.rawValue }.reduce(nil as LimitBreach?) { worst, breach in
        worst.map { $0.measured >= breach.measured ? $0 : breach } ?? breach
      }
    }
    return worst.enumerated().map { index, breach in
      KillSwitch(
        number: nextNumber + Int64(index), account: account, cause: breach.rule,
        measured: breach.measured, threshold: breach.threshold, action: limits.onBreach,
        reset: limits.reset, firedAt: now, reason: breach.text)
    }
  }

  /// The kill switches that reset themselves by now, as they are afterwards, in the order given.
  package static func resets(_ active: [KillSwitch], at now: Timestamp) -> [KillSwitch] {
    active.compactMap { killSwitch in
      guard killSwitch.isActive, case .after(let span) = killSwitch.reset,
        killSwitch.firedAt + span <= now
      else { return nil }
      var reset = killSwitch
      reset.resetAt = now
      reset.resetBy = "itself, after \(span)"
      return reset
    }
  }

  /// Measures anew what the limit behind a reset kill switch measured: it would fire again at once
  /// otherwise.
  ///
  /// The losses that other limits measure are not forgiven.
  ///
  /// - Returns: Whether something is measured anew.
  @discardableResult
  package static func forgive(_ ended: KillSwitch, in books: inout AccountBooks) -> Bool {
    switch LimitRule(rawValue: ended.cause) {
    case .dailyLoss: books.forgetDailyLoss()
    case .drawdown: books.forgetDrawdown()
    case .margin, .positions, .symbol, .unrealisedLoss, nil: return false
    }
    return true
  }

  /// The positions that an action ends, in the order given.
  ///
  /// A position loses money when it would before fees at its mark; one without a mark does not
  /// count as losing.
  package static func flattening(
    _ action: BreachAction, positions: [Position], marks: [Coin: Price]
  ) -> [Position] {
    switch action {
    case .block: []
    case .flatten: positions
    case .flattenLosers:
      positions.filter { position in
        marks[position.coin].map { position.unrealised(at: $0) < .zero } ?? false
      }
    }
  }
}
