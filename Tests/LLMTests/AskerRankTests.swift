import LLM
import Synchronization
import Testing
import Trading
import Wire

/// Who comes first is told for every call, and nobody is waited for in vain.
@Suite struct AskerRankTests {
  private let scene = AskScene()
  private let rank = RateRank(tier: 0, place: 4)

  private func ask(
    _ replies: [Result<Completion, ModelFailure>], until deadlineMs: Double = 60_000
  ) async throws {
    let models = ["f", "m"].map { name in
      SceneModel(spec: spec(.openai, name, fallback: name == "m" ? "f" : nil), scene: scene) {
        (.milliseconds(100), replies[min($0, replies.count - 1)])
      }
    }
    _ = await scene.asker(models, AskRules(timeout: .seconds(10), maxRetries: 1, seed: 7)).ask(
      question, for: try #require(TraderID("t")), cycle: 3, purpose: .decision,
      model: try #require(ModelAlias("m")), firstCall: nil, rank: rank, until: deadlineMs)
  }

  private var withdrawn: [String] {
    scene.log.withLock { log in
      log.withdrawn.filter { $0.rank == rank }.map(\.model)
    }
  }

  @Test func repetitionsAndFallbacksHaveTheRankOfTheFirstCall() async throws {
    try await ask([.failure(ModelFailure(.unavailable, "busy"))])

    #expect(scene.log.withLock { $0.asked.map(\.model) } == ["m", "m", "f", "f"])
    #expect(scene.log.withLock { $0.ranks } == [rank, rank, rank, rank])
  }

  @Test func withdrawsWhenThereIsNoTimeForTheCall() async throws {
    try await ask([.success(answer)], until: 100)

    #expect(scene.log.withLock { $0.ranks.isEmpty })
    #expect(withdrawn.contains("m"))
  }

  @Test func withdrawsWhenTheBudgetRefusesTheCall() async throws {
    scene.log.withLock { $0.refusals = [AskScene.refusal] }

    try await ask([.success(answer)])

    #expect(scene.log.withLock { $0.ranks.isEmpty })
    #expect(withdrawn.contains("m"))
  }
}
