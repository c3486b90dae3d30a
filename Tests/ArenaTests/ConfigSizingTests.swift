import Arena
import Testing
import Trading

/// How large entries are and when gains are kept, as configured.
@Suite struct ConfigSizingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let sizing: String
    var risk: [String: String] = [:]
    var keys: [String: String] = [:]
    let sentence: String
    var testDescription: String { sentence }
  }

  private func load(
    sizing: String = "{}", risk: [String: String] = [:], guards: [String: String] = [:],
    keys: [String: String] = [:]
  ) -> LoadedConfig {
    let risk = ["sizing": sizing].merging(risk) { $1 }
    return ConfigFixtures.load([
      "manager.yaml": ConfigFixtures.trader(risk: risk, guards: guards, keys: keys)
    ])
  }

  // The fixture's trader has leverage 3 on majors.
  static let refused = [
    Case(
      sizing: "atr",
      sentence: "manager.yaml:10:15: error: traders.a.risk_params.sizing: expected a group of "
        + "keys, was text; write KEY: VALUE lines"),
    Case(
      sizing: "{method: martingale}",
      sentence: "manager.yaml:10:24: error: traders.a.risk_params.sizing.method: expected one of "
        + "model, fixed_fraction, atr, kelly, was \"martingale\"; for example method: model"),
    Case(
      sizing: "{method: atr, atr_period: 1}",
      sentence: "manager.yaml:10:41: error: traders.a.risk_params.sizing.atr_period: expected a "
        + "whole number from 2 to 200, was \"1\"; for example atr_period: 3"),
    Case(
      sizing: "{method: atr, atr_multiple: 0}",
      sentence: "manager.yaml:10:43: error: traders.a.risk_params.sizing.atr_multiple: expected a "
        + "number above 0 and up to 100, was \"0\"; for example atr_multiple: 2"),
    Case(
      sizing: "{method: atr, risk_pct: 0}",
      sentence: "manager.yaml:10:39: error: traders.a.risk_params.sizing.risk_pct is 0, so that no "
        + "entry of method atr has a size; raise it, or write method: model"),
    Case(
      sizing: "{method: fixed_fraction, fraction_pct: 0}",
      sentence: "manager.yaml:10:54: error: traders.a.risk_params.sizing.fraction_pct is 0, so "
        + "that no entry of method fixed_fraction has a size; raise it, or write method: model"),
    Case(
      sizing: "{method: kelly, fraction_pct: 0}",
      sentence: "manager.yaml:10:45: error: traders.a.risk_params.sizing.fraction_pct is 0, so "
        + "that no entry of method kelly has a size; raise it, or write method: model"),
    // 333 · 1 % · 3 = 9.99 < 10.
    Case(
      sizing: "{method: fixed_fraction, fraction_pct: 1}", keys: ["initial_equity_usd": "333"],
      sentence: "manager.yaml:11:54: error: traders.a.risk_params.sizing.fraction_pct is 1, with "
        + "333 USD at leverage 3 below the venue's minimum order of 10 USD; raise it"),
    Case(
      sizing: "{method: model, fraction_pct: 5}",
      sentence: "manager.yaml:10:45: notice: traders.a.risk_params.sizing.fraction_pct has no "
        + "effect on method model; write method: fixed_fraction or method: kelly, or remove it"),
    Case(
      sizing: "{method: kelly, atr_period: 20}",
      sentence: "manager.yaml:10:43: notice: traders.a.risk_params.sizing.atr_period has no effect "
        + "on method kelly; write method: atr, or remove it"),
    Case(
      sizing: "{method: atr, risk_pct: 3}", risk: ["max_risk_pct": "2"],
      sentence: "manager.yaml:11:39: notice: traders.a.risk_params.sizing.risk_pct is 3, above "
        + "max_risk_pct of 2, so that every entry is cut; lower the first or raise the second"),
    Case(
      sizing: "{method: kelly, fraction_pct: 51}", risk: ["max_margin_usage_pct": "50"],
      sentence: "manager.yaml:11:45: notice: traders.a.risk_params.sizing.fraction_pct is 51, "
        + "above max_margin_usage_pct of 50, so that every entry is cut; lower the first or raise "
        + "the second"),
  ]

  @Test(arguments: refused)
  func tellsWhatCannotBeMeant(item: Case) {
    let loaded = load(sizing: item.sizing, risk: item.risk, keys: item.keys)

    #expect(loaded.issues.map(\.description) == [item.sentence])
  }

  static let specs: [(sizing: String, spec: SizingSpec)] = [
    ("{}", SizingSpec()),
    ("{method: model}", SizingSpec(method: .model)),
    (
      "{method: Fixed_Fraction, fraction_pct: 12.5}",
      SizingSpec(method: .fixedFraction, fraction: Pct(mantissa: 1_250_000_000))
    ),
    (
      "{method: atr, risk_pct: 2, atr_multiple: 1.5, atr_period: 200}",
      SizingSpec(
        method: .atr, risk: Pct(whole: 2), atrMultiple: Factor(mantissa: 150_000_000),
        atrPeriod: 200)
    ),
    ("{method: kelly}", SizingSpec(method: .kelly, fraction: Pct(whole: 10))),
  ]

  @Test(arguments: specs)
  func handsTheSizingOver(sizing: String, spec: SizingSpec) {
    let loaded = load(sizing: sizing)

    #expect(loaded.issues == [])
    #expect(loaded.config?.traders[0].risk.sizing == spec)
  }

  @Test func takesTheLeastFractionThatMakesAnOrder() {
    // 334 · 1 % · 3 = 10.02.
    let loaded = load(
      sizing: "{method: fixed_fraction, fraction_pct: 1}", keys: ["initial_equity_usd": "334"])

    #expect(loaded.issues == [])
  }

  struct Giveback: Sendable, CustomTestStringConvertible {
    let rule: String
    var guards: [String: String] = [:]
    let expected: GivebackRule?
    let line: String
    var testDescription: String { "\(rule) \(guards)" }
  }

  private static let usual = GivebackRule(minPeak: Pct(whole: 5), share: Pct(whole: 40))

  static let givebacks = [
    Giveback(rule: "momentum", expected: usual, line: "40  # default"),
    Giveback(
      rule: "buy_and_hold", expected: nil, line: "0  # default of rule buy_and_hold"),
    Giveback(rule: "flat", expected: nil, line: "0  # default of rule flat"),
    Giveback(
      rule: "momentum", guards: ["giveback_close_pct": "0"], expected: nil,
      line: "0  # manager.yaml:12"),
    Giveback(
      rule: "buy_and_hold", guards: ["giveback_close_pct": "40"], expected: usual,
      line: "40  # manager.yaml:12"),
    Giveback(
      rule: "momentum", guards: ["giveback_close_pct": "\"\""], expected: usual,
      line: "40  # default"),
    Giveback(
      rule: "momentum", guards: ["giveback_close_pct": "25", "giveback_min_peak_pct": "0"],
      expected: GivebackRule(minPeak: .zero, share: Pct(whole: 25)),
      line: "25  # manager.yaml:12"),
  ]

  @Test(arguments: givebacks)
  func closesWhatGaveBackItsGainUnlessTheRuleHolds(item: Giveback) {
    let loaded = load(
      guards: item.guards, keys: ["executor": "{kind: baseline, rule: \(item.rule)}"])
    let key = "traders.a.exec_guards.giveback_close_pct: "
    let lines = loaded.effective.text.split(separator: "\n").filter { $0.hasPrefix(key) }

    #expect(loaded.issues == [])
    #expect(loaded.config?.traders[0].guards.giveback == item.expected)
    #expect(lines.map { String($0.dropFirst(key.count)) } == [item.line])
  }

  @Test func tellsThatAPeakAloneDoesNothing() {
    let loaded = load(guards: ["giveback_close_pct": "0", "giveback_min_peak_pct": "3"])

    #expect(
      loaded.issues.map(\.problem) == [
        "traders.a.exec_guards.giveback_min_peak_pct has no effect with giveback_close_pct of 0"
      ])
  }

  @Test func limitsCoinsThatMoveTogetherWhenTold() {
    #expect(load().config?.traders[0].guards.maxCorrelated == nil)
    #expect(
      load(guards: ["max_correlated_pct": "80"]).config?.traders[0].guards.maxCorrelated
        == Pct(whole: 80))
  }
}
