package import Executor
import Market
package import Trading

/// The prompt templates of the traders, parsed once for all that share them.
package struct PromptLibrary: Sendable {
  /// Templates of system messages, by the digest of their file.
  private let personas: [String: PromptTemplate]
  /// Templates of user messages, by the digest of their file.
  private let prompts: [String: PromptTemplate]

  /// The templates of traders; those of a checked configuration can be parsed.
  package init(_ traders: [TraderSpec]) throws(PromptTemplateError) {
    var personas: [String: PromptTemplate] = [:]
    var prompts: [String: PromptTemplate] = [:]
    for case .model(let executor) in traders.map(\.executor) {
      if personas[executor.persona.digest] == nil {
        personas[executor.persona.digest] =
          try PromptTemplate(executor.persona, vocabulary: .persona)
      }
      if prompts[executor.prompt.digest] == nil {
        prompts[executor.prompt.digest] = try PromptTemplate(executor.prompt, vocabulary: .user)
      }
    }
    self.personas = personas
    self.prompts = prompts
  }

  /// The messages of a trader.
  func render(
    _ executor: ModelExecutor, _ context: ExecutorContext, brief: MarketBrief,
    form: DecisionForm
  ) throws(PromptError) -> PromptMessages {
    guard let persona = personas[executor.persona.digest],
      let prompt = prompts[executor.prompt.digest]
    else { preconditionFailure("expected the templates of \(context.trader.id) to be parsed") }
    let (system, user) = try PromptRenderer.render(
      persona: persona, prompt: prompt, context: context, brief: brief, answerForm: form.words)
    return PromptMessages(system: system, user: user, version: prompt.version)
  }

  /// SHA-256 of both templates of a trader together.
  func digest(of executor: ModelExecutor) -> String {
    SHA256Digest.hex(of: Array("\(executor.persona.digest)\(executor.prompt.digest)".utf8))
  }

  /// Works out what prompts say of the markets, once for all traders that look at them.
  func briefs(for contexts: [(ExecutorContext, ModelExecutor)]) -> PromptBriefs {
    var briefs: [ProviderID: MarketBrief] = [:]
    for group in Dictionary(grouping: contexts, by: { $0.0.trader.market }) {
      guard let market = group.value.first?.0.market else { continue }
      let digests = Set(group.value.map { $0.1.prompt.digest }).sorted()
      let intervals = Set(group.value.map { $0.0.trader.decisionInterval }).sorted()
      let brief = MarketBrief(of: market)
      briefs[group.key] =
        group.value.count > 1
        ? brief.preparing(digests.compactMap { prompts[$0] }, for: intervals) : brief
    }
    return PromptBriefs(byMarket: briefs)
  }
}

/// The two messages of a trader.
struct PromptMessages: Sendable, Equatable {
  /// The system message.
  let system: String
  /// The user message.
  let user: String
  /// The version that the user message's template states; empty when it states none.
  let version: String
}

/// What prompts say of the markets that traders look at.
struct PromptBriefs: Sendable {
  fileprivate let byMarket: [ProviderID: MarketBrief]

  /// The brief of the market that a trader looks at.
  subscript(context: ExecutorContext) -> MarketBrief {
    byMarket[context.trader.market] ?? MarketBrief(of: context.market)
  }
}
