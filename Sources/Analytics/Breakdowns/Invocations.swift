package import Trading

extension BreakdownTable {
  /// How often the trader was asked.
  ///
  /// - Parameters:
  ///   - count: Invocations since inception.
  ///   - times: When it was asked, ascending; breaks are the minutes between neighbours.
  /// - Returns: The table.
  package static func invocations(count: Int, times: [Timestamp]) -> BreakdownTable {
    let breaks = zip(times.dropFirst(), times).map { ($0 - $1).minutes }
    var table = BreakdownTable(name: "invocation_breakdown_table")
    table.add("num_invocations", count: count)
    table.addSpread("invocation_break_mins", of: breaks)
    table.add("min_invocation_break_mins", breaks.min() ?? 0)
    table.add("max_invocation_break_mins", breaks.max() ?? 0)
    return table
  }
}
