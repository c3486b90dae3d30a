import LLM
import Trading

extension ConfigAssembly {
  /// The section of llm.yaml once every trader is known.
  mutating func llmSection() -> LLMSection? {
    guard let llm = sections[.llm], let address = llm.address("base_url"),
      let model = llm.text("default_model"), let timeout = llm.span("timeout"),
      let retries = llm.whole("max_retries"), let cache = llm.span("cache_ttl")
    else { return nil }
    checkModelKeys()
    let caps = caps(llm)
    var authorities: String?
    if let written = llm.text("ca_file") {
      let path = surroundings.path(written, in: llm.name)
      if isFile(path, llm, "ca_file") { authorities = path }
    }
    return LLMSection(
      baseURL: address.text, apiKey: key(llm, in: .llm), defaultModel: model, timeout: timeout,
      maxRetries: retries, cacheTTL: cache, caFile: authorities, caps: caps, models: models.all,
      usedModels: models.users.keys.sorted())
  }

  private mutating func caps(_ llm: Section) -> SpendingCaps {
    guard let budget = llm.section("budget") else { return .none }
    let caps = SpendingCaps(
      arenaTokens: budget.whole("daily_token_limit"), arenaCost: budget.usd("daily_usd_limit"),
      traderTokens: budget.whole("trader_daily_token_limit"),
      traderCost: budget.usd("trader_daily_usd_limit"),
      alertAt: Pct(whole: Int64(budget.whole("alert_threshold_pct")?.unlessZero ?? 80)),
      isStrict: budget.flag("strict_enforcement") ?? true)
    let keys = [
      "daily_token_limit", "daily_usd_limit", "trader_daily_token_limit", "trader_daily_usd_limit",
    ]
    if !keys.contains(where: budget.isWritten) {
      notice(
        budget, "daily_usd_limit", "budget states no limit, so nothing is limited",
        "add daily_usd_limit")
    } else if !budget.isWritten("strict_enforcement") {
      notice(
        budget, "strict_enforcement",
        "budget.strict_enforcement is true when absent: a call beyond a limit is refused "
          + "(nof0's default was false, and nothing enforced it)",
        "write it to say so")
    }
    checkPrices(budget, [keys[1], keys[3]].filter(budget.isWritten))
    checkPricedNames(budget)
    return caps
  }

  /// A limit in USD that does not know what a model costs would limit nothing.
  private mutating func checkPrices(_ budget: Section, _ limits: [String]) {
    guard let limit = limits.first else { return }
    for alias in models.users.keys.sorted() where models[alias]?.prices == nil {
      // A refused price has its own issue.
      guard let model = models[alias],
        models.sections[alias]?.section("price") == nil
      else { continue }
      let place =
        models.sections[alias] == nil
        ? "budget.cost_per_million_tokens: {\(model.alias): USD}"
        : "price: {input: USD, output: USD} to models.\(alias)"
      error(
        budget, limit,
        "budget.\(limit) needs the price of every model that is asked; \(alias) has none",
        "add \(place), per million tokens")
    }
  }

  private mutating func checkPricedNames(_ budget: Section) {
    guard let table = budget.section("cost_per_million_tokens") else { return }
    let known = models.names + models.named.map(\.alias.name)
    let lowered = Set(known.map { $0.lowercased() })
    for (name, _) in table.fields where !known.contains(name) && !lowered.contains(name) {
      notice(
        table, name, "\(table.path).\(name): llm.yaml has no model \(quoted(name))",
        NearestName.of(name, among: known).map { "did you mean \($0)?" } ?? "remove it")
    }
  }
}

extension ExecutorSection {
  init?(_ section: Section) {
    guard let concurrent = section.whole("max_concurrent_decisions"),
      let validation = section.section("prompt_validation"),
      let isStrict = validation.flag("strict_mode"),
      let needsVersion = validation.flag("require_version_header")
    else { return nil }
    self.init(
      maxConcurrentDecisions: concurrent.unlessZero,
      promptSchemaVersion: section.text("prompt_schema_version") ?? "",
      isPromptVersionStrict: isStrict, requiresPromptVersion: needsVersion)
  }
}

extension ConfigAssembly {
  /// Checks what executor.yaml says about decisions.
  mutating func checkExecutorFile() {
    guard let section = sections[.executor] else { return }
    if section.whole("max_concurrent_decisions") == 1 {
      notice(
        section, "max_concurrent_decisions",
        "max_concurrent_decisions is 1, so traders decide one after another "
          + "(nof0 had this default, and nothing used it)",
        "write 0 to let all of them decide at the same time")
    }
    if let validation = section.section("prompt_validation"),
      validation.flag("require_version_header") == true,
      section.text("prompt_schema_version") == nil
    {
      error(
        validation, "require_version_header",
        "prompt_validation.require_version_header needs prompt_schema_version",
        "add for example prompt_schema_version: v1.0.0")
    }
  }
}
