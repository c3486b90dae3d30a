import Analytics
import Arena
import Testing
import Trading

/// `--prove`: what looks ahead is found, what does not is not.
@Suite("The look-ahead proof")
struct LookAheadTests {
  /// Runs an arena on honest or mutated prices, with a proof at every third cycle or so.
  private func prove(
    _ cast: PastArena.Cast, _ mutation: MutantMarket.Mutation?
  ) async throws -> String? {
    let arena = try PastArena(cast)
    var request = try arena.request()
    request.proofs = 14
    do {
      let record = try await ArenaBacktest.record(
        of: try arena.config(), request, markets: MutantMarket.markets(of: arena, mutation))
      #expect(record.cycles == 41)
      #expect(record.notices.contains { $0.hasPrefix("14 cycles were run again") })
      return nil
    } catch let failure as RunFailure {
      #expect(failure.code == .internalFailure)
      return failure.message
    }
  }

  @Test func passesAllShippedExecutors() async throws {
    let found = try await prove(.all, nil)

    #expect(found == nil)
  }

  @Test func findsACandleThatIsStillForming() async throws {
    let prompt = try #require(try await prove(.all, .formingCandle))
    let market = try #require(try await prove(.rules, .formingCandle))

    #expect(prompt.hasPrefix("look-ahead at 2025-07-21T05:"), "\(prompt)")
    #expect(prompt.contains("asks: its prompt, line "), "\(prompt)")
    #expect(market.contains(": "), "\(market)")
  }

  @Test func findsCandlesOneAhead() async throws {
    let prompt = try #require(try await prove(.all, .shiftedByOne))
    let market = try #require(try await prove(.rules, .shiftedByOne))

    #expect(prompt.contains("asks: its prompt, line "), "\(prompt)")
    #expect(market.hasPrefix("look-ahead at 2025-07-21T05:"), "\(market)")
  }

  @Test func findsFundingOfTheFuture() async throws {
    let prompt = try #require(try await prove(.all, .futureFunding))
    let market = try #require(try await prove(.rules, .futureFunding))

    #expect(prompt.contains("asks: its prompt, line "), "\(prompt)")
    #expect(market.contains("market past tells of funding of BTC: "), "\(market)")
  }

  @Test func findsTheLatestOpenInterest() async throws {
    let prompt = try #require(try await prove(.all, .latestOpenInterest))
    let market = try #require(try await prove(.rules, .latestOpenInterest))

    #expect(prompt.contains("asks: its prompt, line "), "\(prompt)")
    #expect(market.contains("market past tells of open interest of BTC: "), "\(market)")
  }
}
