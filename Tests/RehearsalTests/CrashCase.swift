import Trading
import VenueStandIn

/// A disturbance of one run: what the run is to do, at which of its sends what goes wrong, whether
/// the process is killed there, and when the next run comes.
struct CrashCase: Sendable, CustomStringConvertible {
  let number: Int
  /// Which case of its play.
  let round: Int
  let play: Play
  /// Which POST /exchange of the run is disturbed, from 1.
  let step: Int
  let kill: Kill
  let answer: Answer
  /// Whether the next run comes at once, or three minutes later.
  var isAtOnce: Bool { (round / 2).isMultiple(of: 2) }
  /// Whether it is about a long; else a short.
  var isLong: Bool { round.isMultiple(of: 2) }

  /// What a run does, undisturbed.
  enum Play: String, Sendable, CaseIterable {
    case open, protect, part, close, flatten

    /// What its sends are, in order.
    var sends: [String] {
      switch self {
      case .open: ["leverage", "open", "stop", "target"]
      case .protect: ["stop", "target", "cancel"]
      case .part: ["close", "stop", "target", "cancel"]
      case .close: ["close"]
      case .flatten: ["leverage", "open", "stop", "target", "stop", "stop", "flatten"]
      }
    }

    /// The sends that are disturbed; those left out are disturbed in another play.
    var steps: [Int] {
      switch self {
      case .open: [1, 2, 3, 4]
      case .protect: [1, 3]
      case .part: [1, 2]
      case .close: [1]
      case .flatten: [7]
      }
    }
  }

  /// Where the process is killed.
  enum Kill: Sendable, Hashable {
    case none, beforeSend, afterAnswer
    /// After so many transactions.
    case afterWrite(Int)
  }

  /// What becomes of the send's answer.
  enum Answer: String, Sendable, CaseIterable {
    case fine, lost, late, errorAfter, errorBefore, malformed, silentBefore, resetBefore, limited
    case resetAfter, truncated, empty, duplicateNonce

    /// Those that every kill is combined with.
    static let main: [Answer] = [
      .fine, .lost, .late, .errorAfter, .errorBefore, .malformed, .silentBefore, .resetBefore,
      .limited,
    ]

    /// The venue's fault; `nil` = none.
    var fault: VenueFault? {
      switch self {
      case .fine: nil
      case .lost: .answerLost
      // The venue sees it after the client gave up.
      case .late: .latency(before: .milliseconds(600), after: .zero)
      case .errorAfter: .serverErrorAfter(status: 502)
      case .errorBefore: .serverErrorBefore(status: 502)
      case .malformed: .malformed
      case .silentBefore: .silentBefore
      case .resetBefore: .resetBefore
      case .limited: .rateLimited
      case .resetAfter: .resetAfter
      case .truncated: .truncated
      case .empty: .emptyBody
      case .duplicateNonce: .duplicateNonce
      }
    }
  }

  var description: String {
    let place =
      switch kill {
      case .none: "alive"
      case .beforeSend: "killed before it"
      case .afterAnswer: "killed after it"
      case .afterWrite(let count): "killed after write \(count)"
      }
    return "case \(number): \(play.rawValue), send \(step) (\(play.sends[step - 1])) "
      + "\(answer.rawValue), \(place), next run \(isAtOnce ? "at once" : "after 3 minutes"), "
      + (isLong ? "long" : "short")
  }

  /// What `NOF0_FAULT` says; `nil` = nothing.
  var fault: String? {
    switch kill {
    case .none: nil
    case .beforeSend: "kill@send.before:\(step)"
    case .afterAnswer: "kill@send.after:\(step)"
    case .afterWrite(let count): "kill@write.after:\(count)"
    }
  }

  /// Every case, those of the plays taking turns, so that one goes on where another ended.
  static let all: [CrashCase] = {
    let lists = Play.allCases.map { cases(of: $0) }
    let rounds = 0..<(lists.map(\.count).max() ?? 0)
    let order = rounds.flatMap { round in
      lists.compactMap { $0.indices.contains(round) ? ($0[round], round) : nil }
    }
    return order.enumerated().map { number, element in
      let ((play, step, kill, answer), round) = element
      return CrashCase(
        number: number, round: round, play: play, step: step, kill: kill, answer: answer)
    }
  }()

  private typealias Recipe = (play: Play, step: Int, kill: Kill, answer: Answer)

  private static func cases(of play: Play) -> [Recipe] {
    let sent = play.steps.flatMap { step in
      Answer.allCases.filter { Answer.main.contains($0) || step == 2 }.map {
        (play, step, Kill.none, $0)
      }
        + Answer.main.map { (play, step, Kill.beforeSend, $0) }
        + Answer.main.map { (play, step, Kill.afterAnswer, $0) }
    }
    // Transactions of a run that trades, those that write orders down before they are sent
    // included.
    let written = (1...8).map { write in
      (play, play.steps[0], Kill.afterWrite(write), Answer.main[write % Answer.main.count])
    }
    return sent + written
  }
}
