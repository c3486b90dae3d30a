import Arena
import Journal
import LLM
import Synchronization
import Testing
import Trading

@Suite("Spending under any misfortune")
struct SpendingPropertyTests {
  private static let garbage = [
    "", "Buy!", "{", "{\"decisions\":[{}]}", "<html>", "[]", "\u{0}",
  ]

  /// What a model may do: answer well or badly, fail, take too long, or see its task cancelled;
  /// it never uses more than a call may take.
  private static func reply(
    _ call: ModelArena.Call, _ generator: borrowing Mutex<SeededGenerator>
  ) throws(ModelFailure) -> Completion {
    let (dice, which, time) = generator.withLock {
      ($0.below(10), Int($0.below(1000)), Double($0.below(70_000)))
    }
    if which % 4 == 0 { call.log.pass(ms: time) }
    let usage = TokenUsage(prompt: which % 50, completion: which % 900, isEstimated: false)
    switch dice {
    case 0...3: return call.answer(which % 2 == 0 ? ModelArena.buy : ModelArena.nothing)
    case 4, 5: return call.answer(Self.garbage[which % Self.garbage.count])
    case 6: throw ModelFailure(.timedOut, "late", usage: usage)
    case 7: throw ModelFailure(.cancelled, "cancelled", usage: usage)
    case 8: throw ModelFailure(.unavailable, "down", usage: which % 2 == 0 ? usage : nil)
    default: throw ModelFailure(.refused, "no")
    }
  }

  /// One to seven traders with replicas, routing by stand-ins, a queue, times of their own.
  private static func arena(
    _ generator: inout SeededGenerator, worst: Int
  ) throws -> (ModelArena, caps: (arena: Int, trader: Int)) {
    let traders = (0..<(1 + generator.below(7))).map { number in
      ModelArena.trader(
        "t\(number)", executor: "{kind: llm, replicas: \(1 + generator.below(3))}",
        timeout: "\(50 + generator.below(2))s")
    }
    let caps = (
      arena: worst * Int(1 + generator.below(30)) / 2,
      trader: worst * Int(1 + generator.below(8)) / 2
    )
    let budget =
      "{daily_token_limit: \(caps.arena), trader_daily_token_limit: \(caps.trader), "
      + "strict_enforcement: true}"
    let box = Box(SeededGenerator(seed: generator.next()))
    let arena = try ModelArena(
      traders,
      llm: ModelArena.llm(
        budget: budget, m: generator.below(2) == 0 ? "" : ", fallback: f",
        ttl: generator.below(2) == 0 ? "0s" : "10m"), concurrent: Int(generator.below(4))
    ) { call throws(ModelFailure) in try Self.reply(call, box.generator) }
    return (arena, caps)
  }

  private final class Box: Sendable {
    let generator: Mutex<SeededGenerator>

    init(_ generator: SeededGenerator) { self.generator = Mutex(generator) }
  }

  @Test(arguments: UInt64(1)...40)
  func everyTokenIsBookedOnceAndNoCapIsPassed(seed: UInt64) async throws {
    let probe = try ModelArena([ModelArena.trader("a")])
    _ = try await probe.run()
    var generator = SeededGenerator(seed: seed)
    let (arena, caps) = try Self.arena(&generator, worst: probe.worst().tokens)

    for cycle: Int64 in 0..<4 {
      let report = try await arena.run(minute: 3 * cycle)

      #expect(!report.lines.contains { !$0.wasDue }, "seed \(seed)")
      for line in report.lines {
        #expect(line.failure == nil || line.decisions.isEmpty, "seed \(seed)")
        let turns = try arena.store.recentTurns(line.trader, limit: 10)
        #expect(turns.count == Int(cycle) + 1, "seed \(seed)")
      }
      let calls = try arena.calls()
      let day = try arena.today()
      #expect(!calls.contains { $0.status == .reserved || $0.status == .abandoned }, "seed \(seed)")
      #expect(calls.reduce(0) { $0 + $1.booked.tokens } == day.arena.tokens, "seed \(seed)")
      #expect(
        calls.reduce(USD.zero) { $0 + $1.booked.cost } == day.arena.cost, "seed \(seed)")
      #expect(calls.count { $0.status != .released } == day.calls, "seed \(seed)")
      #expect(arena.log.asked.count == day.calls, "seed \(seed)")
      #expect(day.arena.tokens <= caps.arena, "seed \(seed)")
      #expect(!day.traders.values.contains { $0.tokens > caps.trader }, "seed \(seed)")
      #expect(try arena.store.check().isEmpty, "seed \(seed)")
    }
  }
}
