/// What one key of a ``RateLimit`` has under way.
///
/// Only the first in line can go on: where it finds no room, nobody behind it does.
struct RateLane {
  /// What the first in line, or another one, does next.
  enum Step {
    /// It is in; the next one in line is woken.
    case entered
    /// It waits until its gate opens.
    case wait
    /// It sleeps until the minute has room, on behalf of all.
    case sleep(Duration)
  }

  private struct Waiter {
    let number: Int
    let rank: RateRank?
    /// What wakes it; `nil` = it is awake, or sleeps until the minute has room.
    var gate: Gate?
  }

  /// Those who wait, by rank and then by arrival; the last have none.
  private var line: [Waiter] = []
  /// Those who said that they will come and have not.
  private var announced: Set<RateRank> = []
  /// When the requests of the last minute began, oldest first.
  private var beginnings: [Int64] = []
  private var arrivals = 0
  private(set) var running = 0
  /// Whether somebody sleeps until the minute has room.
  private var isTimed = false

  /// Milliseconds of the window of ``RateAllowance/perMinute``.
  private static let windowMs: Int64 = 60_000

  var waiting: Int { line.count }

  /// Whether nothing of it need be remembered.
  var isIdle: Bool {
    running == 0 && line.isEmpty && announced.isEmpty && beginnings.isEmpty
  }

  mutating func announce(_ rank: RateRank) { announced.insert(rank) }

  /// Takes an announcement back; nothing happens where there is none.
  mutating func withdraw(_ rank: RateRank) {
    if announced.remove(rank) != nil { wakeFirst() }
  }

  /// Joins the line; the number of who does.
  mutating func arrive(_ rank: RateRank?) -> Int {
    arrivals += 1
    if let rank { announced.remove(rank) }
    let place = line.firstIndex { Self.isBefore(rank, $0.rank) } ?? line.endIndex
    line.insert(Waiter(number: arrivals, rank: rank, gate: nil), at: place)
    return arrivals
  }

  /// Lets the one of this number in if it is its turn and there is room.
  mutating func enter(_ number: Int, _ allowance: RateAllowance, at present: Int64) -> Bool {
    beginnings.removeAll { $0 <= present - Self.windowMs }
    guard let first = line.first, first.number == number else { return false }
    let ahead = announced.count { Self.isBefore($0, first.rank) }
    if let limit = allowance.maxConcurrent, limit - running <= ahead { return false }
    if let limit = allowance.perMinute {
      guard limit - beginnings.count > ahead else { return false }
      beginnings.append(present)
    }
    running += 1
    line.removeFirst()
    wakeFirst()
    return true
  }

  /// Lets the one of this number in if it can; else it waits at the gate, or sleeps for all.
  mutating func step(
    _ number: Int, _ allowance: RateAllowance, at present: Int64, gate: Gate
  ) -> Step {
    if enter(number, allowance, at: present) { return .entered }
    if let limit = allowance.perMinute, beginnings.count >= limit, !isTimed,
      running < allowance.maxConcurrent ?? .max, line.first?.number == number
    {
      isTimed = true
      let opens = beginnings[beginnings.count - limit] + Self.windowMs
      return .sleep(.milliseconds(opens - present))
    }
    if let place = line.firstIndex(where: { $0.number == number }) { line[place].gate = gate }
    return .wait
  }

  /// The one who slept is awake.
  mutating func endSleep() {
    isTimed = false
    wakeFirst()
  }

  /// Leaves the line without having been let in.
  mutating func giveUp(_ number: Int) {
    line.removeAll { $0.number == number }
    wakeFirst()
  }

  /// A request is over.
  mutating func leave() {
    running -= 1
    wakeFirst()
  }

  /// Lets the first in line look again; who is cancelled meanwhile wakes the one behind it.
  private mutating func wakeFirst() {
    guard let gate = line.first?.gate else { return }
    line[0].gate = nil
    _ = gate.open()
  }

  private static func isBefore(_ left: RateRank?, _ right: RateRank?) -> Bool {
    switch (left, right) {
    case (let left?, let right?): left < right
    case (_?, nil): true
    case (nil, _): false
    }
  }
}
