import Trading

extension BreakdownTable {
  /// How often the trader was asked.
  ///
  /// - Parameters:
  ///   - count: Invocations since inception.
  ///   - behaviour: The breaks between its turns.
  /// - Returns: The table.
  static func invocations(count: Int, _ behaviour: BehaviourMetrics) -> BreakdownTable {
    var table = BreakdownTable(name: "invocation_breakdown_table")
    table.add("num_invocations", count: Int64(count))
    table.addSpread("invocation_break_mins", behaviour.breaks)
    table.add("min_invocation_break_mins", Span(ms: behaviour.shortestBreak ?? 0).minutes)
    table.add("max_invocation_break_mins", Span(ms: behaviour.longestBreak ?? 0).minutes)
    return table
  }
}
