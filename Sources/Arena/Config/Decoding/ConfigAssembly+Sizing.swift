import Trading

extension ConfigAssembly {
  /// Settles when positions that gave back much of their gain are closed: a rule that is meant to
  /// hold whatever happens is left alone unless its trader says otherwise.
  mutating func settleGiveback(_ draft: inout TraderDraft) {
    guard draft.guards != nil, let section = draft.section.section("exec_guards"),
      let peak = section.pct("giveback_min_peak_pct")
    else { return }
    var share = section.pct("giveback_close_pct")
    if share == nil {
      let executor = draft.executor ?? .unavailable(kind: "")
      let standard = ExecutionGuards.standardGiveback(of: executor)
      let source = standard == nil ? "default of rule \(executor.label)" : "default"
      share = standard?.share ?? .zero
      derive(section, "giveback_close_pct", "\(share ?? .zero)", source, in: .manager)
    }
    draft.guards?.giveback = share?.unlessZero.map { GivebackRule(minPeak: peak, share: $0) }
    if draft.guards?.giveback == nil, section.isWritten("giveback_min_peak_pct") {
      notice(
        section, "giveback_min_peak_pct",
        "\(section.path).giveback_min_peak_pct has no effect with giveback_close_pct of 0",
        "add for example giveback_close_pct: 40, or remove it")
    }
  }

  /// Refuses sizes that no order could have, and tells which keys have no effect.
  mutating func checkSizing(_ draft: TraderDraft, _ risk: RiskLimits, _ section: Section) {
    guard let section = section.section("sizing") else { return }
    let sizing = risk.sizing
    noticeIdleKeys(of: sizing.method, section)
    switch sizing.method {
    case .model: return
    case .fixedFraction, .kelly: checkFraction(draft, risk, section)
    case .atr:
      guard sizing.risk > .zero else {
        refuseZero("risk_pct", sizing.method, section)
        return
      }
      guard let limit = risk.maxRisk, sizing.risk > limit else { return }
      notice(
        section, "risk_pct",
        "\(section.path).risk_pct is \(sizing.risk), above max_risk_pct of \(limit), so that every "
          + "entry is cut",
        "lower the first or raise the second")
    }
  }

  private mutating func noticeIdleKeys(of method: SizingMethod, _ section: Section) {
    let owners: [(key: String, methods: [SizingMethod])] = [
      ("fraction_pct", [.fixedFraction, .kelly]), ("risk_pct", [.atr]), ("atr_multiple", [.atr]),
      ("atr_period", [.atr]),
    ]
    for (key, methods) in owners where !methods.contains(method) && section.isWritten(key) {
      let usual = methods.map { "method: \($0.rawValue)" }.joined(separator: " or ")
      notice(
        section, key, "\(section.path).\(key) has no effect on method \(method.rawValue)",
        "write \(usual), or remove it")
    }
  }

  private mutating func checkFraction(
    _ draft: TraderDraft, _ risk: RiskLimits, _ section: Section
  ) {
    let fraction = risk.sizing.fraction
    guard fraction > .zero else {
      refuseZero("fraction_pct", risk.sizing.method, section)
      return
    }
    if let limit = risk.maxMarginUsage, fraction > limit {
      notice(
        section, "fraction_pct",
        "\(section.path).fraction_pct is \(fraction), above max_margin_usage_pct of \(limit), so "
          + "that every entry is cut",
        "lower the first or raise the second")
    }
    guard let equity = draft.equity else { return }
    let leverage = leverage(of: draft, risk)
    guard size(equity, fraction, leverage: leverage) < size(Self.minimumOrder, Pct(whole: 100))
    else { return }
    error(
      section, "fraction_pct",
      "\(section.path).fraction_pct is \(fraction), with \(equity) USD at leverage \(leverage) "
        + "below the venue's minimum order of \(Self.minimumOrder) USD",
      "raise it")
  }

  private func size(_ amount: USD, _ share: Pct, leverage: Int = 1) -> Int128 {
    Int128(amount.mantissa) * Int128(share.mantissa) * Int128(leverage)
  }

  private mutating func refuseZero(_ key: String, _ method: SizingMethod, _ section: Section) {
    error(
      section, key,
      "\(section.path).\(key) is 0, so that no entry of method \(method.rawValue) has a size",
      "raise it, or write method: model")
  }
}

extension ExecutionGuards {
  /// When a position that gave back much of its gain is closed if nothing says so; `nil` for
  /// rules that hold what they have whatever the price does.
  static func standardGiveback(of executor: ExecutorSpec) -> GivebackRule? {
    switch executor {
    case .baseline(.buyAndHold), .baseline(.flat): nil
    case .baseline(.emaCross(let rule)) where rule.stop == nil: nil
    case .baseline(.emaCross), .baseline(.momentum), .baseline(.random), .baseline(.inverseOf),
      .model, .http, .command, .unavailable:
      GivebackRule(minPeak: Pct(whole: 5), share: Pct(whole: 40))
    }
  }
}

extension SizingSpec {
  /// Reads `risk_params.sizing`; `nil` when something in it was refused.
  init?(_ section: Section) {
    guard let method = section.word("method").flatMap(SizingMethod.init(rawValue:)),
      let fraction = section.pct("fraction_pct"), let risk = section.pct("risk_pct"),
      let multiple = section.factor("atr_multiple"), let period = section.whole("atr_period")
    else { return nil }
    self.init(
      method: method, fraction: fraction, risk: risk, atrMultiple: multiple, atrPeriod: period)
  }
}
