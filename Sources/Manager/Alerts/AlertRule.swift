package import Trading

/// A rule that tells when a figure of the arena passes its threshold.
package struct AlertRule: Sendable {
  /// Its id: the first word of the keys of its alerts.
  package let id: String
  /// How urgent its alerts are.
  package let severity: AlertSeverity
  /// What it tells, for the documentation.
  package let summary: String
  /// What it reads in a scene: one reading for each trader, account or model it looks at.
  let readings: @Sendable (AlertScene) -> [AlertReading]

  /// Every rule, high ones first.
  package static let all: [AlertRule] = [
    .marginUsage, .traderLoss, .accountLoss, .sharpe, .noDecision, .overAllocated,
    .failedDecisions, .callLatency,
  ]

  /// The alerts of this rule that hold in a scene, in the order of its subjects.
  package func alerts(in scene: AlertScene) -> [Alert] {
    readings(scene).filter { $0.verdict == .over }.map { reading in
      Alert(
        key: key(of: reading), severity: severity, trader: reading.trader, message: reading.text,
        value: reading.value, threshold: reading.threshold)
    }
  }

  /// The keys of open alerts of this rule that no longer hold, sorted.
  ///
  /// Where the figure is not known now, an alert stays; where its subject is gone, it ends.
  package func resolved(in scene: AlertScene) -> [String] {
    let holding = Set(readings(scene).filter { $0.verdict != .within }.map(key))
    return scene.open.filter { $0.hasPrefix("\(id).") && !holding.contains($0) }.sorted()
  }

  private func key(of reading: AlertReading) -> String { "\(id).\(reading.subject)" }
}

/// A figure beside its threshold.
struct AlertReading {
  /// How a figure stands to its threshold.
  enum Verdict {
    case over
    case within
    /// The figure cannot be had now.
    case unknown
  }

  /// Whose figure it is, as the end of the key.
  let subject: String
  var trader: TraderID?
  let verdict: Verdict
  /// In the unit of the threshold; it is told only when it is over.
  var value: Double?
  var threshold: Double?
  /// What is wrong, in words; it is told only when it is over.
  var text: String

  /// A figure that should not be above its threshold; `nil` = not known.
  init(
    _ subject: String, trader: TraderID? = nil, _ value: Double?, above threshold: Double,
    _ text: @autoclosure () -> String
  ) {
    self.init(
      subject, trader: trader, value, against: threshold,
      isOver: value.map { $0 > threshold }, text())
  }

  /// A figure whose rule judged it itself; `isOver` is `nil` when it could not.
  init(
    _ subject: String, trader: TraderID? = nil, _ value: Double?, against threshold: Double,
    isOver: Bool?, _ text: @autoclosure () -> String
  ) {
    self.subject = subject
    self.trader = trader
    self.value = value
    self.threshold = threshold
    verdict = isOver.map { $0 ? .over : .within } ?? .unknown
    self.text = isOver == true ? text() : ""
  }
}
