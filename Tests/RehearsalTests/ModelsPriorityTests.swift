import ModelStandIn
import Testing
import Trading

extension RehearsalSuite {
  @Suite("Scarce places of models")
  struct ModelsPriority {
    typealias Contestant = ModelsStage.Contestant

    private static let ids = ModelsStage.ids(5)

    /// Five traders ask the model of the first; the larger their capital, the earlier their turn.
    private static func contestants(_ limits: String...) -> [Contestant] {
      ids.enumerated().map { index, id in
        Contestant(
          id, model: index == 0 ? limits : [],
          trader: ["model: \(ids[0])", "initial_equity_usd: \(equity(index))"])
      }
    }

    private static func equity(_ index: Int) -> Int { 11_000 + 1000 * index }

    /// The traders in the order in which their questions came.
    private static func order(_ requests: [ReceivedRequest]) -> [String] {
      requests.map { request in
        ids.indices.filter { request.text.contains("\(equity($0))") }.map { ids[$0] }
          .joined(separator: " or ")
      }
    }

    @Test func goToWhoComesFirst() throws {
      for repetition in 0..<10 {
        let stage = try ModelsStage(
          ModelScript(otherwise: [Turn(.answer(Reply(.decision(.hold))))]))
        try stage.configure(Self.contestants("max_concurrency: 1"))

        let report = try stage.cycle()

        #expect(Self.order(stage.server.requests) == Self.ids.reversed(), "\(repetition)")
        #expect(try Self.ids.map { try report.failure($0) } == ["", "", "", "", ""])
      }
    }

    /// A minute is longer than the traders can wait: two are asked, the others hold.
    @Test func ofAMinuteGoToWhoComesFirst() throws {
      let stage = try ModelsStage(ModelScript(otherwise: [Turn(.answer(Reply(.decision(.hold))))]))
      try stage.configure(Self.contestants("requests_per_minute: 2"), timeout: "2s")

      let report = try stage.cycle()

      #expect(Set(Self.order(stage.server.requests)) == ["t04", "t05"])
      for id in ["t01", "t02", "t03"] {
        #expect(try report.failure(id).contains("no place within the deadline"))
      }
    }
  }
}
