package import Trading

/// How many tokens a question takes, without a tokenizer.
///
/// - The *estimate* counts a third of the UTF-8 bytes, rounded up, and four tokens a message.
///   English prose and JSON have three to four bytes a token, digits two to three.
/// - The *bound* counts every byte. A byte-level tokenizer makes no token of less than a byte, so
///   no text takes more; 32 tokens a message stand for role marks. A schema is counted twice with
///   1024 tokens on top, because providers lay it out anew and wrap it in instructions.
///
/// Answers are counted with `max_completion_tokens`, in the estimate too: when nobody learns how
/// long an answer was, assuming less could overspend a budget.
package enum TokenEstimate {
  /// The likely number of tokens of a text.
  package static func tokens(of text: String) -> Int { (text.utf8.count + 2) / 3 }

  /// The likely number of tokens of a question to a model.
  package static func prompt(of question: ModelQuestion, on spec: ModelSpec) -> Int {
    question.messages.reduce(schema(of: question, on: spec).map { ($0 + 2) / 3 + 64 } ?? 0) {
      $0 + tokens(of: $1.text) + 4
    }
  }

  /// The number of tokens that a question to a model cannot exceed.
  package static func promptBound(of question: ModelQuestion, on spec: ModelSpec) -> Int {
    question.messages.reduce(schema(of: question, on: spec).map { 2 * $0 + 1024 } ?? 0) {
      $0 + $1.text.utf8.count + 32
    }
  }

  /// What a call is booked with when nobody learns what it consumed.
  package static func usage(of question: ModelQuestion, on spec: ModelSpec) -> TokenUsage {
    TokenUsage(
      prompt: prompt(of: question, on: spec), completion: spec.maxCompletionTokens,
      isEstimated: true)
  }

  /// What a call consumed whose answer came without counts; never more than the answer may have.
  package static func usage(
    of question: ModelQuestion, answer: String, reasoning: String, on spec: ModelSpec
  ) -> TokenUsage {
    TokenUsage(
      prompt: prompt(of: question, on: spec),
      completion: min(tokens(of: answer) + tokens(of: reasoning), spec.maxCompletionTokens),
      isEstimated: true)
  }

  /// What a call will about consume; its cost is zero when the model has no prices.
  package static func estimate(of question: ModelQuestion, on spec: ModelSpec) -> Spent {
    let usage = usage(of: question, on: spec)
    return Spent(tokens: usage.total, cost: cost(of: usage, on: spec))
  }

  /// The most a call can consume; its cost is zero when the model has no prices.
  package static func worst(of question: ModelQuestion, on spec: ModelSpec) -> Spent {
    let bound = promptBound(of: question, on: spec)
    let costs = [0, bound].map { cached in
      cost(
        of: TokenUsage(
          prompt: bound, cachedPrompt: cached, completion: spec.maxCompletionTokens,
          isEstimated: true), on: spec)
    }
    return Spent(
      tokens: bound + spec.maxCompletionTokens, cost: costs.reduce(.zero) { max($0, $1) })
  }

  /// The cost of a usage on a model, USD; zero when the model has no prices.
  package static func cost(of usage: TokenUsage, on spec: ModelSpec) -> USD {
    spec.prices?.cost(of: usage) ?? .zero
  }

  /// Why a question does not fit a model; `nil` = it fits, or the model's context is not known.
  package static func refusal(
    of question: ModelQuestion, on spec: ModelSpec
  ) -> ContextRefusal? {
    guard let allowed = spec.contextTokens else { return nil }
    let refusal = ContextRefusal(
      model: spec.alias, prompt: prompt(of: question, on: spec),
      completion: spec.maxCompletionTokens, allowed: allowed)
    return refusal.prompt + refusal.completion > allowed ? refusal : nil
  }

  /// Bytes of the schema as far as it is sent to the model; `nil` = it is not.
  private static func schema(of question: ModelQuestion, on spec: ModelSpec) -> Int? {
    guard let form = question.schema else { return nil }
    switch spec.structured {
    case .jsonSchema, .tool:
      return form.bytes.count + form.name.utf8.count + form.summary.utf8.count
    case .jsonObject, .text: return nil
    }
  }
}

/// Why a question does not fit into the context of a model.
package struct ContextRefusal: Error, Sendable, Hashable, CustomStringConvertible {
  /// The model.
  package let model: ModelAlias
  /// Tokens the question will about take.
  package let prompt: Int
  /// Tokens the answer may take.
  package let completion: Int
  /// Tokens both may have.
  package let allowed: Int

  /// The refusal in words.
  package var description: String {
    "the question to \(model) takes about \(prompt) tokens and its answer up to \(completion), "
      + "context_tokens in llm.yaml allows \(allowed): shorten the prompt, trade fewer coins, or "
      + "lower max_completion_tokens"
  }
}
