/// Money is never a floating-point number; statistics are never money.
enum MoneyRules {
  /// Folders whose amounts are exact.
  static let exactFolders = ["Sources/Trading/Money/", "Sources/Trading/Ledger/"]
  /// The two named places of conversion, `double` and `init?(approximating:)`, and the rounding
  /// the latter shares.
  static let conversions: Set<String> = ["double", "approximating", "approximateMantissa"]
  /// Ratios of two amounts, numbers without a unit for statistics and display.
  ///
  /// Each is named here so that a new one is a decision.
  static let ratios: Set<String> = [
    "asPct", "changePct", "gain", "peakGain", "bestPrice", "lowerPeak",
  ]

  /// Uses of `Double` outside the named places.
  static func check(_ file: SourceFile) -> [Finding] {
    guard exactFolders.contains(where: file.path.hasPrefix) else { return [] }
    let named = conversions.union(ratios)
    let spans = file.declarations.filter { named.contains($0.name) }.map { $0.start..<$0.end }
    return file.tokens.indices.filter { index in
      ["Double", "Float"].contains(file.tokens[index].text)
        && !spans.contains { $0.contains(index) }
    }.map {
      file.finding(
        file.tokens[$0].line, file.tokens[$0].text,
        "money is exact: use USD, Price, Quantity; convert in `double` or `init?(approximating:)`"
      )
    }
  }
}
