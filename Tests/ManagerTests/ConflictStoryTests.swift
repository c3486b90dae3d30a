import Manager
import Market
import Testing
import Trading

/// Wishes on one account in words, and what should come of them.
struct ConflictStory: Sendable, CustomTestStringConvertible {
  let name: String
  let rules: String
  let given: String
  let expected: String

  init(_ name: String, _ rules: String, _ given: String, _ expected: String) {
    self.name = name
    self.rules = rules
    self.given = given
    self.expected = expected
  }

  var testDescription: String { "\(rules): \(name)" }

  func check() throws {
    let result = try resolve()

    #expect(result.lines == expected.split(separator: "\n").map(String.init))
    #expect(result.conflicts.allSatisfy { !$0.resolution.isEmpty && !$0.reason.isEmpty })
  }

  func resolve() throws -> ConflictResolution {
    var free = "100000"
    var outside: Set<Coin> = []
    var holders: [Coin: [TraderID: PositionSide]] = [:]
    var wishes: [OpenWish] = []
    var ranks: [String: Int] = [:]
    for line in given.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      switch (words[0], words.dropFirst().first) {
      case ("free", _): free = words[1]
      case ("outside", _): outside.insert(try Make.coin(words[1]))
      case (let trader, "holds"):
        let side: PositionSide = try #require(PositionSide(rawValue: words[2]))
        let id: TraderID = try #require(TraderID(trader))
        holders[try Make.coin(words[3]), default: [:]][id] = side
      case (let trader, _):
        ranks[trader] = ranks[trader] ?? ranks.count
        wishes.append(
          try Clash.wish(
            trader, ranks[trader] ?? 0, words[3], try #require(PositionSide(rawValue: words[2])),
            usd: words[4], leverage: Int(word(after: "at", in: words).dropLast()) ?? 1,
            confidence: Int(word(after: "sure", in: words)), index: wishes.count))
      }
    }
    let account = SharedAccount(
      account: try Clash.account(), free: try Make.usd(free), takerFee: .zero, holders: holders,
      outside: outside)
    return Conflicts.resolve(wishes.reversed(), on: account, under: try conflictRules())
  }

  private func word(after key: String, in words: [String]) -> String {
    words.firstIndex(of: key).map { words[$0 + 1] } ?? ""
  }

  private func conflictRules() throws -> ConflictRules {
    var result = ConflictRules()
    for part in rules.split(separator: ", ") {
      let words = part.split(separator: " ").map(String.init)
      let strategy = ConflictStrategy(rawValue: words[1])
      switch words[0] {
      case "direction": result.direction = try #require(strategy)
      case "duplicate": result.duplicate = try #require(strategy)
      case "resource": result.resource = try #require(strategy)
      default: result.exclusiveSymbols = false
      }
    }
    return result
  }
}

extension ConflictResolution {
  /// Orders, refusals and records, one line each.
  fileprivate var lines: [String] {
    orders.map { order in
      let whole = order.combined
      let parts = order.members.map { member in
        let notes = (order.notes[member.trader] ?? []).map { " (\($0.rule))" }.joined()
        return "\(member.trader) \(member.wish.notional)\(notes)"
      }
      return "order \(whole.coin) \(whole.side.rawValue) \(whole.leverage)x: "
        + parts.joined(separator: " + ")
    }
      + refused.map { "refused \($0.wish.trader) \($0.wish.wish.coin) \($0.note.rule)" }
      + conflicts.map {
        let traders = $0.traders.map(\.name).joined(separator: " ")
        return "conflict \($0.kind.rawValue) \($0.severity.rawValue) \($0.coin?.name ?? "-") "
          + "[\(traders)] \($0.strategy?.rawValue ?? "kept")"
      }
  }
}

/// Short names for wishes of several traders of one account.
enum Clash {
  static func account() throws -> AccountID { try #require(AccountID("shared")) }

  /// A wish as admission approves it; lots are 0.0001 coins.
  static func wish(
    _ trader: String, _ priority: Int, _ coin: String = "SOL", _ side: PositionSide = .long,
    usd: String = "200", leverage: Int = 1, confidence: Int? = 80, index: Int = 0,
    mid: String = "100", tiers: [(Int64, Int)] = [(0, 40)]
  ) throws -> OpenWish {
    let state = try Make.state(coins: [Make.snapshot(coin, mid: mid, sizeDecimals: 4, tiers: tiers)]
    )
    let decision =
      side == .long
      ? try Make.buy(coin, confidence: confidence, leverage: leverage, size: usd)
      : try Make.sell(coin, confidence: confidence, leverage: leverage, size: usd)
    return OpenWish(
      trader: try #require(TraderID(trader)), priority: priority, index: index,
      wish: try #require(PositionSizing.entry(decision, in: state)))
  }
}
