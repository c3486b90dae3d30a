import Testing

/// Each check of words, names and imports finds its bad sample and leaves the good one alone.
@Suite struct WordSampleTests {
  @Test(arguments: [
    ("Trading", "import Glibc", "import Glibc"),
    ("Trading", "package import Market", "import Market"),
    ("Manager", "import Executor", "import Executor"),
    ("Exchanges", "import GRDB", "import GRDB"),
    ("Journal", "import struct Exchanges.Fee", "import Exchanges"),
    ("nof0", "import Journal", "import Journal"),
    ("Cellar", "import Trading", "Cellar"),
  ])
  func refusesAnImportOutsideTheFloorPlan(room: String, code: String, word: String) {
    #expect(ImportRules.check(source(code, in: room)).map(\.word) == [word])
  }

  @Test(arguments: [
    ("Trading", "import Foundation"), ("Manager", "package import Trading\nimport Market"),
    ("Journal", "import GRDB\nimport CSQLite"), ("Arena", "import CYaml\nimport Journal"),
    ("Exchanges", "import CZlib\nimport Synchronization"), ("nof0", "import ArgumentParser"),
    ("Market", "// import Journal"),
  ])
  func admitsTheImportsOfTheFloorPlan(room: String, code: String) {
    #expect(ImportRules.check(source(code, in: room)).isEmpty)
  }

  @Test func everyBannedWordIsFoundWhereItIsBanned() {
    for row in BannedWords.inPureRooms {
      #expect(bannedWords("let a = \(row.pattern)", in: "Market") == [row.pattern])
      #expect(bannedWords("let a = \(row.pattern)", in: "Arena").isEmpty)
    }
    for row in BannedWords.everywhere {
      #expect(bannedWords("let a = \(row.pattern)", in: "Arena") == [row.pattern])
      #expect(bannedWords("// \(row.pattern)\nlet b = \"\(row.pattern)\"", in: "Arena").isEmpty)
    }
    for word in BannedWords.unfinished {
      #expect(bannedWords("// \(word): later", in: "Arena") == [word])
      #expect(bannedWords("let a = \"\(word)\"", in: "Arena").isEmpty)
    }
  }

  @Test func wordsThatOnlyLookBannedAreLeftAlone() {
    let code = """
      let a = try Task.checkCancellation()
      let b = DateText(), asynchronous = randomly(), c = blueprint(1), d = publicKey
      journal.open(path)
      enum Purpose { case open, close }
      let executor = Baseline.random(seed: 7)
      guard try !exists(row) else { return }
      """

    #expect(bannedWords(code, in: "Market").isEmpty)
  }

  @Test func aWayAroundTheCompilerNeedsAProof() {
    let bare = "final class A: @unchecked Sendable {}"
    let other = "nonisolated(unsafe) var handle = 0"

    #expect(bannedWords(bare, in: "Arena") == ["@unchecked Sendable"])
    #expect(bannedWords("// It is fine.\n" + other, in: "Arena") == ["nonisolated(unsafe)"])
    #expect(bannedWords("// proof: one thread\n// owns it.\n" + bare, in: "Arena").isEmpty)
  }

  @Test func aSilencedErrorNeedsAReason() {
    #expect(bannedWords("let a = try? read()", in: "Arena") == ["try?"])
    #expect(bannedWords("let a = try? read()  // absent is fine", in: "Arena").isEmpty)
    #expect(bannedWords("// Absent is fine.\nlet a = try? read()", in: "Arena").isEmpty)
  }

  @Test func testsGoThroughPackageInterfaces() {
    let text = "@testable import Market"

    #expect(
      BannedWords.check(SourceFile(path: "Tests/MarketTests/A.swift", text: text)).map(\.word)
        == ["@testable"])
    #expect(BannedWords.check(SourceFile(path: "Tests/JournalTests/A.swift", text: text)).isEmpty)
  }

  @Test(arguments: NamingRules.emptySuffixes)
  func refusesATypeThatEndsInAnEmptyWord(suffix: String) {
    for kind in ["struct", "final class", "enum", "actor", "protocol"] {
      let file = source("package \(kind) Order\(suffix) {}", in: "Trading")
      #expect(NamingRules.check(file).map(\.word) == ["Order\(suffix)"])
    }
    #expect(NamingRules.check(source("typealias Order\(suffix) = Int", in: "Trading")).count == 1)
  }

  @Test func refusesFoldersWithoutAPurposeAndTypesNamedLikeTheirModule() {
    let misplaced = SourceFile(path: "Sources/Arena/Utils/A.swift", text: "")

    #expect(NamingRules.check(misplaced).map(\.word) == ["Utils/"])
    #expect(NamingRules.check(source("enum Market {}", in: "Market")).map(\.word) == ["Market"])
  }

  @Test func admitsNamesOfTheGlossary() {
    let code = """
      protocol MarketData {}
      final class JournalDatabase { let orderData = 1; class func info() {} }
      struct RecordedMarketData {}
      struct Market {}
      """

    #expect(NamingRules.check(source(code, in: "Exchanges")).isEmpty)
  }

  private func source(_ code: String, in room: String) -> SourceFile {
    SourceFile(path: "Sources/\(room)/Sample.swift", text: code)
  }

  private func bannedWords(_ code: String, in room: String) -> [String] {
    BannedWords.check(source(code, in: room)).map(\.word)
  }
}
