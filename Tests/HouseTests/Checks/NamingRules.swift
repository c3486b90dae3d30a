/// Names that say nothing, and names that clash.
enum NamingRules {
  /// Last words of a type that hide what it is.
  static let emptySuffixes = [
    "Manager", "Helper", "Util", "Service", "Handler", "Data", "Info", "Impl", "Base",
  ]
  /// Terms of the domain, from the Glossary, which a name may end in.
  static let terms: Set<String> = ["MarketData", "HyperliquidInfo"]
  /// Folders that collect what nobody placed.
  static let emptyFolders: Set<String> = ["Utils", "Helpers", "Common", "Extensions"]

  /// Types named badly, and files in folders named badly.
  static func check(_ file: SourceFile) -> [Finding] {
    guard file.isSource else { return checkFolders(file) }
    return checkFolders(file)
      + file.declarations.filter(\.isType).compactMap { checkType($0, in: file) }
  }

  private static func checkFolders(_ file: SourceFile) -> [Finding] {
    file.path.split(separator: "/").dropLast().map(String.init).filter(emptyFolders.contains)
      .map { file.finding(0, "\($0)/", "put the code beside the thing that needs it") }
  }

  private static func checkType(_ type: Declaration, in file: SourceFile) -> Finding? {
    if type.name == file.target {
      return file.finding(type.line, type.name, "name the type unlike its module")
    }
    guard !terms.contains(where: type.name.hasSuffix),
      let suffix = emptySuffixes.first(where: type.name.hasSuffix)
    else { return nil }
    return file.finding(
      type.line, type.name, "\(suffix) says nothing: name it by what it is or does")
  }
}
