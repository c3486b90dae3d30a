import Trading

/// Finds what a command line names, and says what there is when it does not exist.
enum TraderNames {
  /// Names shown at the most.
  private static let shown = 20

  /// The trader of a name, among those on record and those configured.
  ///
  /// Exit code 64 with the nearest name when there is none.
  static func find(
    _ name: String, on record: [TraderID], in config: ArenaConfig?
  ) throws(RunFailure) -> TraderID {
    let known = Set(record + (config?.traders.map(\.id) ?? [])).sorted()
    if let id = TraderID(name), known.contains(id) { return id }
    throw unknown("trader is called", name, among: known.map(\.name))
  }

  /// The record of a trader that must have taken part in a run.
  static func record(
    _ name: String, at desk: SteeringDesk
  ) throws(RunFailure) -> TraderRecord {
    let id = try find(name, on: Array(desk.state.traders.keys), in: desk.config)
    guard let record = desk.state.traders[id] else {
      throw RunFailure(
        .usage,
        "\(id) is configured and has not taken part in a run yet; `nof0 run` makes it part of the "
          + "arena")
    }
    return record
  }

  /// The failure for a name that means nothing.
  static func unknown(_ what: String, _ name: String, among known: [String]) -> RunFailure {
    let nearest =
      NearestName.of(name, among: known).map { "did you mean \($0)? There are: " }
      ?? "there are: "
    let rest = known.count > shown ? " and \(known.count - shown) more" : ""
    return RunFailure(
      .usage,
      "no \(what) \(Readable.clipped(name, to: 64)); \(nearest)"
        + known.prefix(shown).joined(separator: ", ") + rest)
  }
}

extension Readable {
  /// Text from outside on one line of at most `length` characters; what is cut off ends in `…`.
  static func clipped(_ text: String, to length: Int) -> String {
    let line = harmlessLine(text)
    return line.count <= length ? line : line.prefix(length - 1) + "…"
  }
}
