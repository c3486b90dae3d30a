import LLM
import Trading

extension TokenUsage: Taped {
  func write(to line: inout TapeLine) {
    line.add(prompt)
    line.add(cachedPrompt)
    line.add(completion)
    line.add(isEstimated)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(
      prompt: try reader.next(), cachedPrompt: try reader.next(),
      completion: try reader.next(), isEstimated: try reader.next())
  }
}

extension SpendingRefusal: Taped {
  func write(to line: inout TapeLine) {
    line.add(cap)
    line.add(limit)
    line.add(used)
    line.add(needed)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(
      cap: try reader.next(), limit: try reader.next(), used: try reader.next(),
      needed: try reader.next())
  }
}

extension ModelFailure.Kind: Taped {}

extension AskOutcome: Taped {
  func write(to line: inout TapeLine) {
    switch self {
    case .answered(let completion, let alias, let calls):
      line.add("answered")
      line.add(alias.name)
      line.add(calls)
      line.add(completion.text)
      line.add(completion.reasoning)
      line.add(completion.usage)
      line.add(completion.answeredBy)
      line.add(completion.finishReason)
    case .failed(let failure):
      line.add("failed")
      line.add(failure.kind)
      line.add(failure.message)
    case .refused(let refusal):
      line.add("refused")
      line.add(refusal)
    }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    switch try reader.next(String.self) {
    case "answered":
      let name = try reader.next(String.self)
      guard let alias = ModelAlias(name) else {
        throw TapeFault(description: "expected a model in the inputs, was \(name)")
      }
      let calls = try reader.next(Int.self)
      let completion = Completion(
        text: try reader.next(), reasoning: try reader.next(), usage: try reader.next(),
        answeredBy: try reader.next(), finishReason: try reader.next())
      self = .answered(completion, by: alias, calls: calls)
    case "failed": self = .failed(ModelFailure(try reader.next(), try reader.next()))
    case "refused": self = .refused(try reader.next())
    default: throw TapeFault(description: "expected a model's answer in the inputs")
    }
  }
}

extension TurnFailure: Taped {
  func write(to line: inout TapeLine) {
    switch self {
    case .timedOut(let span):
      line.add("timed_out")
      line.add(span)
    case .cutOff: line.add("cut_off")
    case .failed(let reason):
      line.add("failed")
      line.add(reason)
    case .unparseable(let reason):
      line.add("unparseable")
      line.add(reason)
    case .overBudget(let refusal):
      line.add("over_budget")
      line.add(refusal)
    }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    switch try reader.next(String.self) {
    case "timed_out": self = .timedOut(after: try reader.next())
    case "cut_off": self = .cutOff
    case "failed": self = .failed(try reader.next())
    case "unparseable": self = .unparseable(try reader.next())
    case "over_budget": self = .overBudget(try reader.next())
    default: throw TapeFault(description: "expected a failure in the inputs")
    }
  }
}
