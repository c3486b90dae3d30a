import Arena
import Testing
import Trading

/// What commands refuse where a venue is real, before they touch the state.
@Suite struct RealVenueTests {
  /// A folder with a configuration for one trader.
  private struct Stage {
    let scratch: ScratchFolder

    /// `venue` and `market` add keys to the providers; `nil` = a simulated exchange.
    init(venue: String?, market: String = "") throws {
      scratch = try ScratchFolder()
      let account = "0x" + String(repeating: "a", count: 40)
      let exchange =
        venue.map { "type: hyperliquid, main_address: '\(account)'\($0)" } ?? "type: sim"
      try scratch.write("name: real\n", "config/nof0.yaml")
      try scratch.write(
        "default: e\nproviders: {e: {\(exchange)}}\n", "config/exchange.yaml")
      try scratch.write(
        "default: m\nproviders: {m: {type: hyperliquid, symbols: [BTC]\(market)}}\n",
        "config/market.yaml")
      try scratch.write("traders:\n" + CycleBench.trader("a", "flat"), "config/manager.yaml")
    }

    var places: Places {
      Places(
        config: scratch.path + "/config", state: scratch.path + "/state",
        out: scratch.path + "/out")
    }

    let output = Output(format: .text, logLevel: "critical", isQuiet: true)

    func run(
      at: Timestamp? = nil, cycles: Int? = nil, step: Span? = nil, fault: String? = nil
    ) async -> Arena.ExitStatus {
      await ArenaRun.execute(
        RunRequest(
          places: places, only: [], force: false, isDryRun: false, isLive: false, deadline: nil,
          cycles: cycles, step: step, at: at, isStrict: false, output: output),
        environment: ["NO_DOTENV": "1"].merging(fault.map { ["NOF0_FAULT": $0] } ?? [:]) { $1 })
    }

    func order(isLive: Bool) -> TraderOrder {
      TraderOrder(places: places, output: output, trader: "a", reason: "", isLive: isLive)
    }

    func fire(_ action: BreachAction, isLive: Bool) async -> Arena.ExitStatus {
      await KillSwitchSteering.fire(
        KillSwitchOrder(account: "e", trader: nil, action: action, reason: "x", isLive: isLive),
        places, output, environment: ["NO_DOTENV": "1"])
    }
  }

  private static let standIn = ", base_url: 'http://127.0.0.1:1'"

  @Test(arguments: [nil, "", standIn])
  func refusesToTravelInTimeWhereSomethingIsReal(venue: String?) async throws {
    let stage = try Stage(venue: venue)

    #expect(await stage.run(at: CycleBench.noon) == .usage)
    #expect(await stage.run(fault: "kill@phase.open") == .usage)
  }

  @Test func refusesManyCyclesBesideAStandInToo() async throws {
    let stage = try Stage(venue: Self.standIn, market: Self.standIn)

    #expect(await stage.run(cycles: 2) == .usage)
    #expect(await stage.run(step: .minute) == .usage)
  }

  @Test(arguments: [
    (false, false, Arena.ExitStatus.usage), (false, true, .usage), (true, false, .configuration),
    // Both are there: the command goes on, and finds no state.
    (true, true, .inputOutput),
  ])
  func sendsNoOrdersByCommandWithoutBothYeses(
    isLive: Bool, isConfigured: Bool, expected: Arena.ExitStatus
  ) async throws {
    let key = String(repeating: "1", count: 64)
    let stage = try Stage(venue: isConfigured ? ", live: true, private_key: '\(key)'" : "")
    let environment = ["NO_DOTENV": "1"]
    let order = stage.order(isLive: isLive)

    #expect(await TraderSteering.close(order, environment: environment) == expected)
    #expect(
      await TraderSteering.remove(order, flattens: false, environment: environment) == expected)
    #expect(await stage.fire(.flatten, isLive: isLive) == expected)
    #expect(await stage.fire(.flattenLosers, isLive: isLive) == expected)
  }

  @Test func needsNoYesToChangeTheRecordAlone() async throws {
    let stage = try Stage(venue: "")

    #expect(await stage.fire(.block, isLive: false) == .inputOutput)
    #expect(
      await TraderSteering.move(
        .pause, stage.order(isLive: false), environment: ["NO_DOTENV": "1"]) == .inputOutput)
  }
}
