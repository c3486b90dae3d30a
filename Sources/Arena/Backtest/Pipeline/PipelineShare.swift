import Exchanges
import Executor
import Manager
import Trading

/// Traders that are walked through all cycles together.
///
/// Nothing a control trader with an account of its own does depends on another one, but for those
/// that follow one: they are in one share with it. Shares are walked through at the same time.
struct PipelineShare: Sendable {
  /// The traders, by account.
  private(set) var seats: [PipelineSeat]
  /// The place of each seat among those of all shares.
  private let places: [Int]
  private let order: [(seat: Int, peer: Int?)]
  private let config: ArenaConfig
  private let tape: PipelineTape

  /// A share of all seats: the traders of `places`, by account, with their places among all.
  init(
    _ config: ArenaConfig, _ tape: PipelineTape, places: [(place: Int, spec: TraderSpec)],
    make: (TraderSpec, inout PipelineTape) throws -> PipelineSeat
  ) throws {
    self.config = config
    var tape = tape
    seats = try places.map { try make($0.spec, &tape) }
    self.tape = tape
    self.places = places.map(\.place)
    order = Self.decidingOrder(of: seats)
  }

  /// Takes its traders through all cycles.
  ///
  /// - Parameter closesAtEnd: Whether what is open at the end is closed at the last price.
  /// - Throws: ``StreamObstacle`` when what happens does not fit after all.
  mutating func run(closesAtEnd: Bool) throws {
    for cycle in 0..<tape.count { try self.cycle(cycle) }
    guard closesAtEnd else { return }
    var moment = PipelineMoment(tape, cycle: tape.count - 1)
    for index in seats.indices {
      let venue = SimVenue(
        config: seats[index].venue.config.atTheLastPrice,
        instruments: seats[index].venue.instruments)
      seats[index].closeAll(&moment, tape, on: venue)
    }
  }

  /// The places of the traders in the order they decide in: who is followed comes first.
  private static func decidingOrder(of seats: [PipelineSeat]) -> [(seat: Int, peer: Int?)] {
    var order: [(seat: Int, peer: Int?)] = []
    var waiting = Array(seats.indices)
    while !waiting.isEmpty {
      let ready = waiting.filter { index in
        guard let peer = seats[index].spec.executor.peer else { return true }
        return !waiting.contains { seats[$0].spec.id == peer }
      }
      let group = ready.isEmpty ? waiting : ready
      for index in group {
        let peer = seats[index].spec.executor.peer
        order.append((index, peer.flatMap { id in seats.firstIndex { $0.spec.id == id } }))
      }
      waiting.removeAll { group.contains($0) }
    }
    return order
  }

  private mutating func cycle(_ cycle: Int) throws {
    var moment = PipelineMoment(tape, cycle: cycle)
    var measured: [Int: SimAccount] = [:]
    for index in seats.indices {
      // So that positions sort as a run numbers them: by cycle, then by account.
      seats[index].numberPositions(from: cycle, place: places[index])
      if cycle > 0 {
        seats[index].catchUp(to: cycle, tape)
        seats[index].observePeaks(cycle, tape)
      }
      seats[index].judgeLife()
    }
    for index in seats.indices where seats[index].mayBeReduced {
      let before = seats[index].books
      try seats[index].reduce(&moment, tape)
      if seats[index].books != before { measured[index] = before }
    }
    for index in seats.indices { seats[index].releaseCapital(&moment) }
    var wishes: [(seat: Int, decisions: [Decision])] = []
    for (index, peer) in order {
      let decisions = try seats[index].decide(&moment, tape, peer: peer.map { seats[$0].asPeer })
      if let decisions { wishes.append((index, decisions)) }
    }
    for (index, decisions) in wishes {
      try seats[index].carryOut(decisions, measured: measured[index], &moment, tape)
    }
    for index in seats.indices {
      seats[index].protect(&moment, tape)
      seats[index].record(cycle, tape)
      seats[index].tidy(at: moment.now)
    }
  }
}
