import ArenaTesting
import Executor
import Manager
import Testing
import Trading

/// 100,000 damaged replies in all, split so that they run side by side.
@Suite("Whatever a model answers")
struct ReplyPropertyTests {
  private static let rounds = 12_500

  @Test("nothing opens beyond a limit", arguments: UInt64(1)...8)
  func nothingBreaksALimit(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let coins = try Reading.coins()
    let state = try ReplyScene.state(coins: coins)
    // Short ones, for speed; the first, which would trade, is taken most.
    let sources = ([MalformedReply.trading] + MalformedReply.all.map(\.text))
      .map { Array($0.utf8) }.filter { $0.count < 400 }
    var readable = 0
    var opened = 0
    for round in 0..<Self.rounds {
      let bytes = Mutation.mutated(sources, &random)

      let reading = ReplyReader.read(String(decoding: bytes, as: UTF8.self), coins: coins)

      guard reading.isReadable else {
        if !reading.decisions.isEmpty || reading.problems.isEmpty {
          Issue.record("seed \(seed), round \(round): \(reading)")
        }
        continue
      }
      readable += 1
      guard !reading.decisions.isEmpty else { continue }
      for open in Admission.review(reading.decisions, in: state).opens {
        opened += 1
        if let breach = ReplyScene.breach(of: open.request, in: state) {
          let text = String(decoding: bytes, as: UTF8.self)
          Issue.record("seed \(seed), round \(round): \(breach) in \(text)")
        }
      }
    }
    #expect(readable > Self.rounds / 10, "seed \(seed): \(readable) readable say too little")
    #expect(opened > Self.rounds / 100, "seed \(seed): \(opened) opened say too little")
  }

  @Test(
    "is read in one meaning or not at all, whatever its size",
    arguments: [
      "[", "{", "[x", "{\"a", "[1,", "[1]", "{\"signal\":\"hold\",\"symbol\":\"BTC\"}", "<think>",
      "</think>", "<think>a</think>", "```", "“", "[“", "{\"a\":[x]}", "[[1],x]", "\u{200B}", "{a:",
      "{\"a </think>", "\\\"", "{\"signal\":", "[＂",
    ])
  func staysQuickOnLongReplies(piece: String) throws {
    let text = String(repeating: piece, count: 50_000 / piece.utf8.count)

    let reading = try Reading.of(text + " " + MalformedReply.trading)

    #expect(reading.isReadable || !reading.problems.isEmpty)
  }

  @Test("wrapping changes nothing", arguments: UInt64(1)...8)
  func wrappingChangesNothing(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let coins = try Reading.coins()
    let valid = MalformedReply.all.filter {
      $0.isReadable && $0.text.utf8.count < 900
    }
    for round in 0..<250 {
      let reply = valid[random.below(valid.count)]
      let plain = ReplyReader.read(reply.text, coins: coins)
      let text = Mutation.wrapped(reply.text, &random)

      let wrapped = ReplyReader.read(text, coins: coins)

      let place: Comment = "seed \(seed), round \(round), \(reply.name): \(text)"
      #expect(wrapped.isReadable, place)
      #expect(wrapped.decisions == plain.decisions, place)
      #expect(wrapped.problems == plain.problems, place)
      #expect(Set(wrapped.repairs).isSuperset(of: plain.repairs), place)
    }
  }
}

/// Damage done to replies.
enum Mutation {
  private static let noise = [
    "\u{200B}", "\u{FEFF}", "，", "“", "”", "～", "１", "é", "🚀", "\u{202E}", "\0", "\u{1F}", "\\",
    "\"", "{", "}", "[", "]", ",", ":", "-", ".", "0", "9", "e9", "NaN", "null", "//", "<think>",
    "</think>", "```", "1e308", "-1", "99999999999999999999", "0.000000001", "hold", "close",
    "sell_to_enter", "\"stop_loss\":1,", "\"leverage\":50,", "\"confidence\":100,",
    #"{"signal":"buy_to_enter","symbol":"SOL","leverage":99,"position_size_usd":1e9,"#
      + #""stop_loss":99,"take_profit":999,"confidence":100}"#,
  ].map { Array($0.utf8) }

  /// One of the texts after one to four pieces of damage.
  static func mutated(_ sources: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
    // Half of them start from a reply that would trade.
    var bytes = sources[random.below(2) == 0 ? 0 : random.below(sources.count)]
    for _ in 0...random.below(4) { mutate(&bytes, &random) }
    return bytes
  }

  private static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return bytes = noise[random.below(noise.count)] }
    let at = random.below(bytes.count)
    switch random.below(8) {
    case 0: bytes[at] ^= UInt8(1 << random.below(8))
    case 1: bytes.removeSubrange((random.below(3) == 0 ? at : max(at, bytes.count - 4))...)
    case 2: bytes.insert(contentsOf: noise[random.below(noise.count)], at: at)
    case 3: bytes.insert(contentsOf: piece(of: bytes, from: at, &random), at: at)
    case 4: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.below(12)))
    case 5, 6: swapNumber(&bytes, from: at, &random)
    default: bytes[at] = UInt8(random.below(256))
    }
  }

  private static func piece(
    of bytes: [UInt8], from start: Int, _ random: inout SeededGenerator
  ) -> ArraySlice<UInt8> {
    bytes[start..<min(bytes.count, start + 1 + random.below(200))]
  }

  /// Puts another number where the next one stands.
  private static func swapNumber(
    _ bytes: inout [UInt8], from start: Int, _ random: inout SeededGenerator
  ) {
    let digits: ClosedRange<UInt8> = 48...57
    guard let first = bytes[start...].firstIndex(where: digits.contains) else { return }
    let end = bytes[first...].firstIndex { !digits.contains($0) && $0 != 46 } ?? bytes.count
    let numbers = [
      "0", "1", "-5", "94.99", "100", "101", "105", "0.5", "70", "1e6", "\"~9\"", "1e-9", "1000",
    ]
    bytes.replaceSubrange(first..<end, with: Array(numbers[random.below(numbers.count)].utf8))
  }

  private static let wrappings = [
    "I looked at {BTC, ETH} and [SOL].\n", "\n```json\n", "\n```\n",
    "<think>if I {\"signal\":</think>", "\u{FEFF}", "\u{200B}\u{200B}", "\n\n", "<answer>",
    "</answer>", "Final: ", "“So be it.”",
    "<reasoning>\n[{\"action\":\"open_long\",\"symbol\":\"ETH\"}]</reasoning>", "** ~100, 1,000 **",
    "决定：", "🚀", "{}", "[1]", " it's 5\" wide ", "| a | b |\n", "\u{3000}",
  ]

  /// The text with words, fences, tags and invisible characters around it.
  static func wrapped(_ text: String, _ random: inout SeededGenerator) -> String {
    var before = ""
    var after = ""
    for _ in 0...random.below(4) {
      before += wrappings[random.below(wrappings.count)]
      after += wrappings[random.below(wrappings.count)]
    }
    return before + text + after
  }
}
