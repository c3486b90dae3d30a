import Trading

extension ConfigAssembly {
  /// The traders in file order, with providers, executor, coins and money settled.
  mutating func traderDrafts() -> [TraderDraft] {
    var drafts = (sections[.manager]?.sections("traders") ?? []).map(TraderDraft.init)
    var lines: [TraderID: Int] = [:]
    for index in drafts.indices {
      let id = drafts[index].id
      let first = id.flatMap { lines[$0] }
      if let id, first == nil { lines[id] = drafts[index].section.place(of: "id").line }
      if let id, let line = first {
        error(
          drafts[index].section, "id", "the trader \(id) appears twice, first on line \(line)",
          "give each trader an id of its own")
      }
      settleProviders(&drafts[index])
      drafts[index].executor = executor(of: drafts[index])
    }
    allocate(&drafts)
    return drafts
  }

  private mutating func settleProviders(_ draft: inout TraderDraft) {
    draft.exchange = provider(of: draft, "exchange_provider", .exchange)
    draft.market = provider(of: draft, "market_provider", .market)
    if let id = draft.id, let provider = draft.exchange, let exchange = exchanges[provider] {
      draft.account = account(of: id, at: provider, exchange, draft)
    }
    if let provider = draft.market, let market = markets[provider] {
      draft.coins = coins(of: draft, in: market, provider)
    }
  }

  private mutating func provider(
    of draft: TraderDraft, _ key: String, _ file: ConfigFile
  ) -> ProviderID? {
    let section = draft.section
    if let name = section.text(key) {
      checkProvider(name, section, key, file)
      return ProviderID(name)
    }
    if let standard = sections[file]?.provider("default") {
      derived.append(
        DerivedValue(
          key: join(draft.path, key), value: standard.name,
          source: "default of \(file.rawValue)"))
      return standard
    }
    guard sections[file] != nil, section.setting(key) == nil else { return nil }
    error(
      section, key,
      "\(join(draft.path, key)) is missing and \(file.rawValue) has no default",
      "add one of the two")
    return nil
  }

  private mutating func account(
    of id: TraderID, at provider: ProviderID, _ exchange: ExchangeSection, _ draft: TraderDraft
  ) -> AccountID? {
    switch exchange {
    case .sim(let sim) where !sim.isSharedAccount:
      let account = AccountID("\(provider).\(id)")
      if account == nil {
        error(
          draft.section, "id",
          "\(draft.path): the account name \(provider).\(id) is longer than 64 characters",
          "shorten the id or the name of the exchange")
      }
      return account
    case .unavailable(let type):
      runIssues.append(
        ConfigIssue(
          .error, at: draft.section.place(of: "exchange_provider"),
          key: join(draft.path, "exchange_provider"),
          problem: "trader \(id) trades on provider \(provider) of type \(type), "
            + "which this version cannot trade on",
          advice: "use type: sim"))
      return AccountID(provider.name)
    case .sim: return AccountID(provider.name)
    }
  }

  private mutating func coins(
    of draft: TraderDraft, in market: MarketSection, _ provider: ProviderID
  ) -> [Coin] {
    var offered: [Coin] = []
    switch market {
    case .synthetic(let synthetic): offered = synthetic.symbols
    case .recorded(let recorded): offered = recorded.symbols
    case .unavailable(let type):
      offered =
        sections[.market]?.sections("providers").first { $0.name == provider.name }?
        .coins("symbols") ?? []
      runIssues.append(
        ConfigIssue(
          .error, at: draft.section.place(of: "market_provider"),
          key: join(draft.path, "market_provider"),
          problem: "trader \(draft.section.name) looks at market \(provider) of type \(type), "
            + "which this version cannot read from",
          advice: "use type: synthetic or type: recorded"))
    }
    guard let wanted = draft.section.coins("symbols") else {
      derived.append(
        DerivedValue(
          key: join(draft.path, "symbols"),
          value: "[" + offered.map(\.name).joined(separator: ", ") + "]",
          source: "symbols of market \(provider)"))
      return offered
    }
    for coin in wanted where !offered.isEmpty && !offered.contains(coin) {
      error(
        draft.section, "symbols",
        "\(draft.path).symbols: \(coin) is not among the symbols of market \(provider)",
        "use some of \(offered.map(\.name).joined(separator: ", "))")
    }
    return wanted
  }

  private mutating func executor(of draft: TraderDraft) -> ExecutorSpec? {
    guard let section = draft.section.section("executor") else {
      // A written but refused executor has its own issue.
      return unavailable("llm", draft)
    }
    guard let kind = section.word("kind") else { return nil }
    if kind != "baseline", section.setting("rule") != nil {
      error(
        section, "rule", "\(section.path): a rule needs kind: baseline, was kind: \(kind)",
        "write kind: baseline, or remove the rule")
      return nil
    }
    guard kind == "baseline" else { return unavailable(kind, draft) }
    guard let rule = section.word("rule") else {
      error(
        section, "kind", "\(section.path).rule is missing, a baseline needs one",
        "add for example rule: ema_cross")
      return nil
    }
    for (key, owner) in [
      ("seed", "random"), ("same_turnover_as", "random"), ("of", "inverse_of"),
    ] where rule != owner && section.setting(key)?.origin == .file {
      notice(
        section, key, "\(section.path).\(key) has no effect on rule \(rule)", "remove it")
    }
    return baseline(rule, section).map { .baseline($0) }
  }

  private mutating func baseline(_ rule: String, _ section: Section) -> BaselineKind? {
    switch rule {
    case "flat": return .flat
    case "buy_and_hold": return .buyAndHold
    case "ema_cross": return .emaCross
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

  private mutating func unavailable(_ kind: String, _ draft: TraderDraft) -> ExecutorSpec {
    notice(
      draft.section, "executor",
      "trader \(draft.section.name) decides by kind \(kind), which this version cannot run",
      "use for example executor: {kind: baseline, rule: ema_cross}")
    return .unavailable(kind: kind)
  }

  /// Reports peers that do not exist and traders that wait for each other in a circle.
  mutating func checkPeers(_ drafts: [TraderDraft]) {
    var peers: [TraderID: TraderID] = [:]
    let ids = drafts.compactMap(\.id)
    let known = Set(ids)
    for draft in drafts {
      guard let id = draft.id, let peer = draft.executor?.peer,
        let section = draft.section.section("executor")
      else { continue }
      let key = section.word("rule") == "inverse_of" ? "of" : "same_turnover_as"
      if known.contains(peer) {
        peers[id] = peer
      } else {
        let nearest = NearestName.of(peer.name, among: ids.map(\.name))
        error(
          section, key, "\(section.path).\(key): there is no trader \(quoted(peer.name))",
          nearest.map { "did you mean \($0)?" } ?? "use the id of another trader")
      }
    }
    reportCircles(drafts, peers)
  }

  private mutating func reportCircles(_ drafts: [TraderDraft], _ peers: [TraderID: TraderID]) {
    var reported: Set<TraderID> = []
    for draft in drafts {
      guard let id = draft.id, let section = draft.section.section("executor") else { continue }
      var chain = [id]
      while let next = chain.last.flatMap({ peers[$0] }), next != id, !chain.contains(next) {
        chain.append(next)
      }
      guard chain.last.flatMap({ peers[$0] }) == id, !reported.contains(id) else { continue }
      reported.formUnion(chain)
      let circle = (chain + [id]).map(\.name).joined(separator: " → ")
      let key = section.word("rule") == "inverse_of" ? "of" : "same_turnover_as"
      error(
        section, key, "traders look at each other in a circle: \(circle)",
        "let one of them look at a trader outside it")
    }
  }
}
