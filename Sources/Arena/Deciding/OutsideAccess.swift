package import Journal
package import LLM
package import Trading
package import Wire

/// What executors outside of the program need: models, the network, a budget.
package struct OutsideAccess: Sendable {
  /// The models that traders may ask, by alias.
  package let models: [ModelAlias: any LanguageModel]
  /// The network, or a cassette of it.
  package let transport: any HTTPTransport
  /// The keys of http executors.
  package let serverKeys: [TraderID: APIKey]
  /// The record of what was spent.
  package let spending: SpendingStore
  /// The variables that command executors may be given some of.
  package let environment: ConfigEnvironment
  /// Places among the calls of each model.
  package let permits: ModelPermits
  /// The templates of the traders, parsed.
  package let prompts: PromptLibrary

  /// Access from its parts.
  package init(
    models: [ModelAlias: any LanguageModel], transport: any HTTPTransport,
    serverKeys: [TraderID: APIKey], spending: SpendingStore, environment: ConfigEnvironment,
    permits: ModelPermits, prompts: PromptLibrary
  ) {
    self.models = models
    self.transport = transport
    self.serverKeys = serverKeys
    self.spending = spending
    self.environment = environment
    self.permits = permits
    self.prompts = prompts
  }
}
