import LLM
import Trading

/// What is known of the models while the configuration is put together.
struct ModelTable {
  /// The names in llm.yaml, those of refused models too.
  var names: [String] = []
  /// The models of llm.yaml in file order.
  var written: [ModelDraft] = []
  /// The models that are only named, as PROVIDER/MODEL.
  var named: [ModelDraft] = []
  /// Where the models of llm.yaml stand.
  var sections: [ModelAlias: Section] = [:]
  /// Who may ask which model, in the order of the traders.
  var users: [ModelAlias: [TraderID]] = [:]

  var all: [ModelDraft] { written + named }

  subscript(_ alias: ModelAlias) -> ModelDraft? { all.first { $0.alias == alias } }

  /// A model and those asked in its place when it fails, in that order.
  func chain(from alias: ModelAlias) -> [ModelDraft] {
    var chain: [ModelDraft] = []
    var next: ModelAlias? = alias
    while let alias = next, !chain.contains(where: { $0.alias == alias }), let model = self[alias] {
      chain.append(model)
      next = model.fallback
    }
    return chain
  }

  /// Notes that a trader may ask a model and those in its place.
  mutating func use(_ alias: ModelAlias, by trader: TraderID) {
    for model in chain(from: alias) where users[model.alias]?.last != trader {
      users[model.alias, default: []].append(trader)
    }
  }
}

extension ConfigAssembly {
  /// Reads the models of llm.yaml.
  mutating func readModels() {
    guard let llm = sections[.llm] else { return }
    let written = llm.sections("models")
    models.names = written.map(\.name)
    for section in written {
      guard let alias = ModelAlias(section.name) else {
        report(
          section, "\(section.path): expected a name of 1 to 128 letters, digits and ._-:/@+",
          "choose another name for the model")
        continue
      }
      models.sections[alias] = section
      if let model = model(alias, section, llm) { models.written.append(model) }
    }
    reportFallbackCircles()
  }

  /// The model of a name that somebody wrote under a key; `nil` when there is none, which is
  /// reported.
  mutating func alias(named name: String, _ section: Section, _ key: String) -> ModelAlias? {
    let subject = join(section.path, key)
    guard let alias = ModelAlias(name) else {
      error(
        section, key, "\(subject): expected a model, was \(quoted(name))",
        "use a name of llm.yaml, or PROVIDER/MODEL")
      return nil
    }
    if models.names.contains(name) { return alias }
    if name.contains("/") {
      if let llm = sections[.llm], models[alias] == nil { addNamed(alias, llm) }
      return alias
    }
    let advice =
      NearestName.of(name, among: models.names).map { "did you mean \($0)?" }
      ?? "add it to models there, or name a provider's model as PROVIDER/MODEL"
    errorOnce(section, key, "\(subject): llm.yaml has no model \(quoted(name))", advice)
    return nil
  }

  /// A model without an entry of its own: asked at the common address under its name.
  private mutating func addNamed(_ alias: ModelAlias, _ llm: Section) {
    guard let address = llm.address("base_url") else { return }
    let key = inheritedKey(llm, address)
    models.named.append(
      ModelDraft(
        alias: alias, provider: "", api: .openai, baseURL: address.text, apiKey: key,
        modelName: alias.name, temperature: nil, topP: nil,
        maxCompletionTokens: Self.standardAnswer, contextTokens: nil, structured: .jsonObject,
        prices: commonPrices(of: alias, llm), maxConcurrency: nil, requestsPerMinute: nil,
        fallback: nil, tier: nil))
  }

  /// Tokens of an answer when nothing says how many; the default in the key table.
  private static let standardAnswer = 4096

  private mutating func model(
    _ alias: ModelAlias, _ section: Section, _ llm: Section
  ) -> ModelDraft? {
    guard let api = section.word("api").flatMap(ModelAPI.init(rawValue:)),
      let length = section.whole("max_completion_tokens")
    else { return nil }
    checkLengths(section, length)
    var fallback: ModelAlias?
    if let name = section.text("fallback") {
      fallback = self.alias(named: name, section, "fallback")
    }
    guard let (place, key) = door(section, api, llm) else { return nil }
    let structured = section.word("structured").flatMap(StructuredOutput.init(rawValue:))
    if structured == nil {
      derive(section, "structured", Self.structured(of: api).rawValue, "default of api \(api)")
    }
    if section.text("model_name") == nil {
      derive(section, "model_name", alias.name, "the alias")
    }
    return ModelDraft(
      alias: alias, provider: section.text("provider") ?? "", api: api, baseURL: place,
      apiKey: key, modelName: section.text("model_name") ?? alias.name,
      temperature: section.factor("temperature")?.double, topP: section.factor("top_p")?.double,
      maxCompletionTokens: length, contextTokens: section.whole("context_tokens"),
      structured: structured ?? Self.structured(of: api),
      prices: prices(of: alias, api, section, llm),
      maxConcurrency: section.whole("max_concurrency"),
      requestsPerMinute: section.whole("requests_per_minute"), fallback: fallback,
      tier: section.word("tier").flatMap(ModelTier.init(rawValue:)))
  }

  /// What every server of an API is known to support.
  private static func structured(of api: ModelAPI) -> StructuredOutput {
    switch api {
    case .openai: .jsonObject
    case .anthropic: .tool
    case .scripted: .text
    }
  }

  private mutating func checkLengths(_ section: Section, _ length: Int) {
    guard let context = section.whole("context_tokens"), length >= context else { return }
    error(
      section, "context_tokens",
      "\(section.path).context_tokens is \(context), not above max_completion_tokens of \(length)",
      "raise the first or lower the second")
  }

  private func prices(
    of alias: ModelAlias, _ api: ModelAPI, _ section: Section, _ llm: Section
  ) -> TokenPrices? {
    if let price = section.section("price") {
      guard let input = price.usd("input"), let output = price.usd("output") else { return nil }
      return TokenPrices(
        input: input, output: output, cachedInput: price.usd("cached_input") ?? input)
    }
    return commonPrices(of: alias, llm) ?? (api == .scripted ? .free : nil)
  }

  /// nof0's one price for both directions: by the exact alias, else by it in lower case.
  private func commonPrices(of alias: ModelAlias, _ llm: Section) -> TokenPrices? {
    guard let table = llm.section("budget")?.section("cost_per_million_tokens"),
      let price = table.usd(alias.name) ?? table.usd(alias.name.lowercased())
    else { return nil }
    return TokenPrices(input: price, output: price, cachedInput: price)
  }

  private mutating func reportFallbackCircles() {
    var reported: Set<ModelAlias> = []
    for model in models.written where !reported.contains(model.alias) {
      let chain = models.chain(from: model.alias).map(\.alias)
      guard let last = chain.last, models[last]?.fallback == model.alias,
        let section = models.sections[model.alias]
      else { continue }
      reported.formUnion(chain)
      let circle = (chain + [model.alias]).map(\.name).joined(separator: " → ")
      error(
        section, "fallback", "models fall back on each other in a circle: \(circle)",
        "let one of them fall back on a model outside it, or on none")
    }
  }
}
