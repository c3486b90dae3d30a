import Exchanges
import Executor
import LLM
import Trading

/// What models, servers and programs answered, as a tape notes and plays it.
extension Optional where Wrapped == CycleTape {
  /// The answer of a model; played ones are asked of nobody.
  func answer(
    to trader: TraderID, _ purpose: CallPurpose, replica: Int, ask: () async -> AskOutcome
  ) async -> AskOutcome {
    guard let tape = self else { return await ask() }
    let key = "ask.\(trader).\(purpose.rawValue).\(replica)"
    guard tape.isPlaying else {
      let answer = await ask()
      tape.note(key, answer)
      return answer
    }
    let silence = AskOutcome.failed(
      ModelFailure(.cancelled, "was not asked in the cycle on record"))
    // Who was cut off before it was asked has no answer on record.
    if tape.has(CycleTape.lateKey(trader)), !tape.has(key) { return silence }
    // A damaged answer is told like one that was never given, with the difference it makes.
    return (try? tape.next(key, as: AskOutcome.self)) ?? silence
  }

  /// What came of asking a trader; that it came too late is an input, too.
  func outcome(_ outcome: TurnOutcome, of trader: TraderID) -> TurnOutcome {
    guard let tape = self else { return outcome }
    let key = CycleTape.lateKey(trader)
    guard tape.isPlaying else {
      if let late = LateAnswer(outcome) { tape.note(key, late) }
      return outcome
    }
    // What is damaged is told with the difference it makes.
    guard tape.has(key), let late = try? tape.next(key, as: LateAnswer.self) else {
      return outcome
    }
    var outcome = outcome
    outcome.result = .failure(late.failure)
    if !late.wasHeard {
      outcome.conversation = nil
      outcome.shadows = []
    }
    return outcome
  }

  /// The turn of a program or server, noted or played.
  func taping(_ turn: ProgramTurn) -> ProgramTurn {
    guard let tape = self else { return turn }
    let key = "program.\(turn.context.trader.id)"
    return ProgramTurn(answeredBy: turn.answeredBy, context: turn.context) {
      document throws(TurnFailure) in
      if tape.isPlaying {
        // A damaged answer is told like one that was never given, with the difference it makes.
        guard let answer = try? tape.next(key, as: ProgramAnswer.self) else { throw .cutOff }
        return try answer.result.get()
      }
      do throws(TurnFailure) {
        let bytes = try await turn.exchange(document)
        tape.note(key, ProgramAnswer(result: .success(bytes)))
        return bytes
      } catch {
        tape.note(key, ProgramAnswer(result: .failure(error)))
        throw error
      }
    }
  }

  /// What is left of the day's budget follows from what providers said calls consumed: an input.
  func settle(_ closed: inout ClosedDesk) {
    guard let tape = self else { return }
    guard tape.isPlaying else {
      for (trader, spent) in closed.overhang.sorted(by: { $0.key < $1.key }) {
        tape.note("overhang.\(trader)", spent)
      }
      return
    }
    closed.changes = nil
    for trader in closed.overhang.keys.sorted() where tape.has("overhang.\(trader)") {
      // A damaged amount is told with the difference it makes.
      closed.overhang[trader] = (try? tape.next("overhang.\(trader)", as: Spent.self)) ?? .zero
    }
  }
}

extension CycleTape {
  fileprivate static func lateKey(_ trader: TraderID) -> String { "late.\(trader)" }
}

/// That an answer came too late, or would have.
private struct LateAnswer: Taped {
  let failure: TurnFailure
  /// Whether there is a conversation all the same.
  let wasHeard: Bool

  /// `nil` when the outcome was not late.
  init?(_ outcome: TurnOutcome) {
    guard case .failure(let failure) = outcome.result else { return nil }
    switch failure {
    case .timedOut, .cutOff: self.failure = failure
    case .failed, .unparseable, .overBudget: return nil
    }
    wasHeard = outcome.conversation != nil
  }

  func write(to line: inout TapeLine) {
    line.add(failure)
    line.add(wasHeard)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    failure = try reader.next()
    wasHeard = try reader.next()
  }
}

/// What a program or server of the user's answered.
private struct ProgramAnswer: Taped {
  let result: Result<[UInt8], TurnFailure>

  init(result: Result<[UInt8], TurnFailure>) { self.result = result }

  func write(to line: inout TapeLine) {
    switch result {
    case .success(let bytes):
      // What is not UTF-8 is refused whatever it is.
      line.add(String(validating: bytes, as: UTF8.self))
      line.add(TurnFailure?.none)
    case .failure(let failure):
      line.add(String?.none)
      line.add(TurnFailure?.some(failure))
    }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let text = try reader.next(String?.self)
    if let failure = try reader.next(TurnFailure?.self) {
      result = .failure(failure)
    } else {
      result = .success(text.map { Array($0.utf8) } ?? [0xFF])
    }
  }
}

extension Spent: Taped {
  func write(to line: inout TapeLine) {
    line.add(tokens)
    line.add(cost)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(tokens: try reader.next(), cost: try reader.next())
  }
}

extension CyclePorts {
  /// The number of the next send.
  ///
  /// Venues outside of the program take numbers of the same sequence, so that where there is one
  /// the numbers are inputs.
  func nextNonce(at time: Timestamp?) -> Int64 {
    taped("nonce") { nonces.next(at: time) }
  }

  /// The number that comes next at the earliest.
  var nonceHead: Int64 { taped("nonce_head") { nonces.head } }

  private func taped(_ key: String, _ number: () -> Int64) -> Int64 {
    guard let tape else { return number() }
    if tape.isPlaying {
      // A damaged number is told with the difference it makes.
      guard tape.has(key), let played = try? tape.next(key, as: Int64.self) else {
        return number()
      }
      return played
    }
    let drawn = number()
    if exchanges.values.contains(where: { !$0.isSimulated }) { tape.note(key, drawn) }
    return drawn
  }
}
