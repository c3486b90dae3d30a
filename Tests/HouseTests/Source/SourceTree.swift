import Foundation

/// The package as it lies on disk.
enum SourceTree {
  /// The package's folder, found from this file's own place in it.
  static let root: URL = {
    var folder = URL(fileURLWithPath: #filePath)
    while folder.lastPathComponent != "Tests" { folder.deleteLastPathComponent() }
    return folder.deletingLastPathComponent()
  }()

  /// Every Swift file below `Sources` and `Tests`, sorted by path; read once for all checks.
  static func swiftFiles() throws -> [SourceFile] { try files.get() }

  private static let files = Result {
    try ["Sources", "Tests"].flatMap(paths(below:)).filter { $0.hasSuffix(".swift") }.sorted()
      .map { SourceFile(path: $0, text: try text(of: $0)) }
  }

  /// Paths of all files below a folder of the package, relative to the package.
  static func paths(below folder: String) -> [String] {
    let start = root.appendingPathComponent(folder).path
    guard let walk = FileManager.default.enumerator(atPath: start) else { return [] }
    return walk.compactMap { $0 as? String }.map { "\(folder)/\($0)" }
  }

  /// The text of a file of the package.
  static func text(of path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Paths that git tracks; `nil` where git or the repository is absent.
  static func trackedPaths() -> [String]? {
    let git = Process()
    git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    git.arguments = ["git", "-C", root.path, "ls-files", "-z"]
    let answer = Pipe()
    git.standardOutput = answer
    git.standardError = FileHandle.nullDevice
    do {
      try git.run()
    } catch {
      return nil
    }
    let bytes = answer.fileHandleForReading.readDataToEndOfFile()
    git.waitUntilExit()
    guard git.terminationStatus == 0 else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\0").map(String.init)
  }
}
