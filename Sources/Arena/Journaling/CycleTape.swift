import Synchronization
import Trading

/// What the outside told one cycle: markets, venues, models, clocks.
///
/// While recording it notes each answer under the question it answers; while playing it gives the
/// answers noted, in their order for each question, and nobody outside is asked.
package final class CycleTape: Sendable {
  /// Whether it plays.
  package let isPlaying: Bool
  /// Questions of a what-if that were never asked may go without an answer.
  let isLenient: Bool
  private let book: Mutex<Book>

  private struct Book {
    var entries: [Entry] = []
    var last: [String: Int] = [:]
    var played: [String: (answers: [Entry], place: Int, given: Int)] = [:]
    var misses: [String] = []
    /// The time of day in the present phase; `nil` outside of a cycle, where it runs.
    var wall: Timestamp?
    /// Whether the cycle is written down, so that nothing more is noted.
    var isOver = false
    /// When the cycle began, in monotonic ms.
    var beganMs = 0.0
    var isDeciding = false
  }

  fileprivate struct Entry {
    let key: String
    let lines: [[UInt8]]
    var times = 1
  }

  /// A tape that records.
  package init() {
    isPlaying = false
    isLenient = false
    book = Mutex(Book())
  }

  /// A tape that plays lines of ``lines``.
  init(playing lines: [[UInt8]], isLenient: Bool) throws(TapeFault) {
    isPlaying = true
    self.isLenient = isLenient
    var found = Book()
    var index = 0
    while index < lines.count {
      var head = try TapeReader(lines[index])
      let key = try head.next(String.self)
      let times = try head.next(Int.self)
      let count = try head.next(Int.self)
      guard count >= 0, count < lines.count - index else {
        throw TapeFault(description: "expected \(count) lines of \(key) in the inputs")
      }
      let entry = Entry(
        key: key, lines: Array(lines[index + 1..<index + 1 + count]), times: times)
      found.played[key, default: ([], 0, 0)].answers.append(entry)
      index += 1 + count
    }
    book = Mutex(found)
  }

  /// Forgets what was noted, for the next cycle, which begins now in monotonic ms.
  func clear(at beganMs: Double) { book.withLock { $0 = Book(beganMs: beganMs) } }

  /// Lets the clocks run again, as the cycle is written down.
  func release() {
    book.withLock { book in
      book.wall = nil
      book.isOver = true
    }
  }

  /// Notes an answer; the same one given again is counted.
  func note(_ key: String, _ lines: [[UInt8]]) {
    book.withLock { book in
      if let index = book.last[key], book.entries[index].lines == lines {
        book.entries[index].times += 1
      } else {
        book.last[key] = book.entries.count
        book.entries.append(Entry(key: key, lines: lines))
      }
    }
  }

  /// Notes an answer of one value.
  func note(_ key: String, _ value: some Taped) { note(key, [TapeLine(value).whole]) }

  /// The next answer to a question; `nil` when it was never asked.
  func next(_ key: String) -> [[UInt8]]? {
    book.withLock { book in
      guard var played = book.played[key], !played.answers.isEmpty else {
        if !isLenient { book.misses.append(key) }
        return nil
      }
      if played.given >= played.answers[played.place].times,
        played.place + 1 < played.answers.count
      {
        played.place += 1
        played.given = 0
      }
      played.given += 1
      book.played[key] = played
      return played.answers[played.place].lines
    }
  }

  /// The next answer of one value.
  func next<Value: Taped>(_ key: String, as type: Value.Type) throws(TapeFault) -> Value? {
    guard let line = next(key)?.first else { return nil }
    var reader = try TapeReader(line)
    return try reader.next(Value.self)
  }

  /// Every answer to a question, as often as it was given.
  func all<Value: Taped>(_ key: String, as type: Value.Type) throws(TapeFault) -> [Value] {
    let entries = book.withLock { $0.played[key]?.answers ?? [] }
    var values: [Value] = []
    for entry in entries {
      guard let line = entry.lines.first else { continue }
      var reader = try TapeReader(line)
      let value = try reader.next(Value.self)
      values += Array(repeating: value, count: max(0, entry.times))
    }
    return values
  }

  /// Whether an answer to a question was noted.
  func has(_ key: String) -> Bool { book.withLock { $0.played[key] != nil } }

  /// Questions that were asked while playing and never noted.
  var misses: [String] { book.withLock { $0.misses } }

  /// What was noted: a head `[question, times, lines]` for each answer, then its lines.
  ///
  /// By question, so that who asked first does not matter.
  var lines: [[UInt8]] {
    let entries = book.withLock { $0.entries }
    var lines: [[UInt8]] = []
    let order = entries.indices.sorted { (entries[$0].key, $0) < (entries[$1].key, $1) }
    for index in order {
      let entry = entries[index]
      var head = TapeLine(entry.key)
      head.add(entry.times)
      head.add(entry.lines.count)
      lines.append(head.whole)
      lines += entry.lines
    }
    return lines
  }
}

// MARK: - Clocks

extension CycleTape {
  private static let wallKey = "clock.wall"
  private static let monotonicKey = "clock.monotonic"

  /// The clocks of a cycle.
  ///
  /// The time of day stands still within a phase, so that what concurrent work reads of it does
  /// not depend on who is first. While traders are asked the other clock runs, unnoted: what comes
  /// too late is noted as late.
  func clock(of machine: WallClock) -> WallClock {
    let isPlaying = isPlaying
    return WallClock(
      now: { [self] in book.withLock { $0.wall } ?? machine.now() },
      monotonicMs: { [self] in
        if isPlaying {
          guard !(book.withLock { $0.isDeciding }), has(Self.monotonicKey) else { return 0 }
          // A damaged reading is found where the inputs are read.
          return (try? next(Self.monotonicKey, as: Double.self)) ?? 0
        }
        let time = machine.monotonicMs()
        let (isNoted, beganMs) = book.withLock {
          ($0.wall != nil && !$0.isDeciding, $0.beganMs)
        }
        if isNoted { note(Self.monotonicKey, time - beganMs) }
        return time
      })
  }

  /// Looks at the time of day anew, as a phase begins.
  func begin(_ phase: Phase?, _ machine: WallClock) {
    guard !(book.withLock { $0.isOver }) else { return }
    let wall: Timestamp
    if isPlaying {
      // A damaged reading is found where the inputs are read.
      wall = (try? next(Self.wallKey, as: Timestamp.self)) ?? Timestamp(ms: 0)
    } else {
      wall = machine.now()
      note(Self.wallKey, wall)
    }
    book.withLock { book in
      book.wall = wall
      if let phase { book.isDeciding = phase == .decide }
    }
  }
}
