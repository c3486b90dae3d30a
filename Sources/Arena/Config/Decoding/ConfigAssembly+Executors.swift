import LLM
import Market
import Trading

extension ConfigAssembly {
  /// What decides for a trader; `nil` when it cannot be settled, which is reported.
  mutating func executor(of draft: TraderDraft) -> ExecutorSpec? {
    // Without the group it is a model with what the trader itself names.
    let section =
      draft.section.section("executor")
      ?? Section(name: "executor", path: draft.path, place: draft.section.place)
    let kind = draft.section.section("executor") == nil ? "llm" : section.word("kind")
    guard let kind else { return nil }
    if kind != "baseline", section.setting("rule") != nil {
      error(
        section, "rule", "\(section.path): a rule needs kind: baseline, was kind: \(kind)",
        "write kind: baseline, or remove the rule")
      return nil
    }
    noticeIdleKeys(kind, section, draft)
    switch kind {
    case "baseline": return rule(section).map { .baseline($0) }
    case "llm": return model(of: draft, section).map { .model($0) }
    case "http": return address(of: draft, section).map { .http($0) }
    case "command": return program(of: draft, section).map { .command($0) }
    default: return unavailable(kind, draft)
    }
  }

  /// Which kind the keys of an executor are for.
  private static let owners: [(kind: String, keys: [String])] = [
    ("llm", ["model", "replicas", "routing", "cheap_model"]),
    ("http", ["base_url", "api_key", "api_key_file"]),
    ("command", ["command", "pass_environment", "working_directory"]),
  ]

  private mutating func noticeIdleKeys(
    _ kind: String, _ section: Section, _ draft: TraderDraft
  ) {
    // What a kind that cannot run yet would use is not known.
    guard ["baseline", "llm", "http", "command"].contains(kind) else { return }
    for (owner, keys) in Self.owners where owner != kind {
      for key in keys where section.isWritten(key) {
        notice(section, key, "\(section.path).\(key) has no effect on kind \(kind)", "remove it")
      }
    }
    guard kind != "llm" else { return }
    for key in ["model", "prompt_template", "executor_prompt_template"]
    where draft.section.isWritten(key) {
      notice(
        draft.section, key, "\(draft.path).\(key) has no effect on kind \(kind)", "remove it")
    }
  }

  private mutating func rule(_ section: Section) -> BaselineKind? {
    guard let rule = section.word("rule") else {
      error(
        section, "kind", "\(section.path).rule is missing, a baseline needs one",
        "add for example rule: ema_cross")
      return nil
    }
    for (key, owner) in [
      ("seed", "random"), ("same_turnover_as", "random"), ("of", "inverse_of"),
      ("fast", "ema_cross"), ("slow", "ema_cross"), ("history", "ema_cross"),
      ("candle", "ema_cross"), ("enter", "ema_cross"), ("flip", "ema_cross"),
      ("stop_bps", "ema_cross"),
    ] where rule != owner && section.setting(key)?.origin == .file {
      notice(
        section, key, "\(section.path).\(key) has no effect on rule \(rule)", "remove it")
    }
    return baseline(rule, section)
  }

  private mutating func baseline(_ rule: String, _ section: Section) -> BaselineKind? {
    switch rule {
    case "flat": return .flat
    case "buy_and_hold": return .buyAndHold
    case "ema_cross": return averages(section).map { .emaCross($0) }
    case "momentum": return .momentum
    case "random":
      guard let seed = section.whole("seed") else { return nil }
      return .random(seed: UInt64(seed), sameTurnoverAs: section.trader("same_turnover_as"))
    default:
      // The key table admits one more word only: inverse_of.
      guard let peer = section.trader("of") else {
        error(
          section, "rule", "\(section.path).of is missing, rule inverse_of needs it",
          "add of: with the id of another trader")
        return nil
      }
      return .inverseOf(peer)
    }
  }

  /// The settings of rule ema_cross.
  private mutating func averages(_ section: Section) -> EMACrossRule? {
    guard let fast = section.whole("fast"), let slow = section.whole("slow"),
      let history = section.whole("history"), let enter = section.word("enter"),
      let flips = section.flag("flip"), let stop = section.bps("stop_bps")
    else { return nil }
    guard fast < slow, slow < history else {
      error(
        section, fast < slow ? "history" : "slow",
        "\(section.path): expected fast < slow < history, was \(fast), \(slow), \(history)",
        "for example fast: 20, slow: 50, history: 240")
      return nil
    }
    let candle = section.span("candle")
    if let candle, !Timeframe.allCases.contains(where: { $0.span == candle }) {
      error(
        section, "candle", "\(section.path).candle: no candles are \(candle) long",
        "use one of \(Timeframe.allCases.map(\.description).joined(separator: ", "))")
      return nil
    }
    var quantities: [Coin: Quantity] = [:]
    for (name, field) in section.section("quantity")?.fields ?? [] {
      guard case .scalar(let setting) = field, let coin = Coin(name),
        let quantity = Quantity(setting.text)
      else {
        error(
          section, "quantity", "\(section.path).quantity: expected a coin, was \(name)",
          "write for example quantity: {BTC: 1}")
        return nil
      }
      quantities[coin] = quantity
    }
    return EMACrossRule(
      fast: fast, slow: slow, history: history, candle: candle,
      entersOnCrossOnly: enter == "on_cross", flips: flips, quantities: quantities,
      stop: stop.unlessZero)
  }

  private mutating func unavailable(_ kind: String, _ draft: TraderDraft) -> ExecutorSpec {
    notice(
      draft.section, "executor",
      "trader \(draft.section.name) decides by kind \(kind), which this version cannot run",
      "use for example executor: {kind: baseline, rule: ema_cross}")
    return .unavailable(kind: kind)
  }
}

extension ConfigAssembly {
  private mutating func model(of draft: TraderDraft, _ section: Section) -> ModelExecutor? {
    let strong = model(of: draft, named: section)
    let cheap = cheapModel(section)
    let persona = prompt(.persona, of: draft)
    let prompt = prompt(.context, of: draft)
    guard let strong, let persona, let prompt, let id = draft.id else { return nil }
    checkRepetition(persona, prompt, draft.section)
    models.use(strong, by: id)
    if let cheap { models.use(cheap, by: id) }
    return ModelExecutor(
      model: strong, cheapModel: cheap, persona: persona, prompt: prompt,
      replicas: section.whole("replicas") ?? 1)
  }

  private mutating func model(of draft: TraderDraft, named section: Section) -> ModelAlias? {
    if section.path != draft.path, let name = section.text("model") {
      if draft.section.isWritten("model"), draft.section.text("model") != name {
        notice(
          draft.section, "model",
          "\(draft.path).model has no effect beside \(section.path).model", "remove it")
      }
      return alias(named: name, section, "model")
    }
    if let name = draft.section.text("model") {
      return alias(named: name, draft.section, "model")
    }
    guard let llm = sections[.llm], let name = llm.text("default_model") else { return nil }
    derive(draft.section, "model", name, "default_model of \(llm.name)", in: .manager)
    return alias(named: name, llm, "default_model")
  }

  private mutating func cheapModel(_ section: Section) -> ModelAlias? {
    guard section.word("routing") == "urgency" else {
      if section.isWritten("cheap_model") {
        notice(
          section, "cheap_model",
          "\(section.path).cheap_model has no effect without routing: urgency",
          "write routing: urgency, or remove it")
      }
      return nil
    }
    if let name = section.text("cheap_model") {
      return alias(named: name, section, "cheap_model")
    }
    let cheap = models.written.filter { $0.tier == .cheap }
    guard cheap.count == 1, let only = cheap.first else {
      error(
        section, "routing",
        "\(section.path).cheap_model is missing, routing: urgency needs it",
        "name the model for calm times, or mark one model of llm.yaml with tier: cheap")
      return nil
    }
    derive(
      section, "cheap_model", only.alias.name, "the model of tier cheap", in: .manager)
    return only.alias
  }

  private mutating func address(of draft: TraderDraft, _ section: Section) -> HTTPExecutor? {
    guard let address = section.address("base_url") else {
      if !section.stated.contains("base_url") {
        error(
          section, "kind", "\(section.path).base_url is missing, kind http needs it",
          "add for example base_url: http://127.0.0.1:9000")
      }
      return nil
    }
    guard let id = draft.id else { return nil }
    checkExecutorKey(id, address, section)
    return HTTPExecutor(url: address.text + "/api/v1/decision")
  }

  private mutating func program(of draft: TraderDraft, _ section: Section) -> CommandExecutor? {
    guard let arguments = section.texts("command"), let written = arguments.first else {
      if !section.stated.contains("command") {
        error(
          section, "kind", "\(section.path).command is missing, kind command needs it",
          "add for example command: [\(ScalarKind.argument.example)]")
      }
      return nil
    }
    let file = sections[.manager]?.name ?? ConfigFile.manager.rawValue
    let path = surroundings.path(written, in: file)
    guard isProgram(path, written, section) else { return nil }
    var folder = surroundings.folder(of: file)
    if let written = section.text("working_directory") {
      folder = surroundings.path(written, in: file)
      guard surroundings.kind(folder) == .folder else {
        error(
          section, "working_directory",
          "\(section.path).working_directory: there is no directory \(folder)",
          "correct the path, which is relative to the directory of \(file)")
        return nil
      }
    }
    return CommandExecutor(
      arguments: [surroundings.absolute(path)] + arguments.dropFirst(),
      passedVariables: section.texts("pass_environment") ?? [],
      folder: surroundings.absolute(folder))
  }

  private mutating func isProgram(_ path: String, _ written: String, _ section: Section) -> Bool {
    let subject = "\(section.path).command"
    switch surroundings.kind(path) {
    case .program: return true
    case .absent:
      error(
        section, "command", "\(subject): the program \(path) does not exist",
        written.contains("/")
          ? "correct the path, which is relative to the directory of this file"
          : "write its whole path, for example /usr/bin/\(written)")
    case .file:
      error(
        section, "command", "\(subject): the file \(path) may not be executed",
        "run chmod +x \(path), or name the program that reads it first")
    case .folder:
      error(section, "command", "\(subject): \(path) is a folder", "name a program in it")
    }
    return false
  }
}
