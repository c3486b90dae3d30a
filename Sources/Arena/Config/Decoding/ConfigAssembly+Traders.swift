import Trading

extension ConfigAssembly {
  /// The traders in file order, with providers, executor, coins and money settled.
  mutating func traderDrafts() -> [TraderDraft] {
    var drafts = (sections[.manager]?.sections("traders") ?? []).map(TraderDraft.init)
    var lines: [TraderID: Int] = [:]
    for index in drafts.indices {
      if let id = drafts[index].id {
        let section = drafts[index].section
        if let line = lines[id] {
          error(
            section, "id", "the trader \(id) appears twice, first on line \(line)",
            "give each trader an id of its own")
        } else {
          lines[id] = section.place(of: "id").line
        }
      }
      settleProviders(&drafts[index])
      drafts[index].executor = executor(of: drafts[index])
      settleGiveback(&drafts[index])
    }
    checkAccounts(drafts)
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
          advice: "use type: sim or type: hyperliquid"))
      return AccountID(provider.name)
    case .sim, .hyperliquid: return AccountID(provider.name)
    }
  }

  private mutating func coins(
    of draft: TraderDraft, in market: MarketSection, _ provider: ProviderID
  ) -> [Coin] {
    var offered: [Coin] = []
    switch market {
    case .synthetic(let synthetic): offered = synthetic.symbols
    case .recorded(let recorded): offered = recorded.symbols
    case .hyperliquid(let venue): offered = venue.symbols
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
          advice: "use type: synthetic, recorded or hyperliquid"))
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

  /// Reports peers that do not exist and traders that wait for each other in a circle.
  mutating func checkPeers(_ drafts: [TraderDraft]) {
    var peers: [TraderID: TraderID] = [:]
    let ids = drafts.compactMap(\.id)
    for draft in drafts {
      guard let id = draft.id, let peer = draft.executor?.peer,
        let section = draft.section.section("executor")
      else { continue }
      let key = section.word("rule") == "inverse_of" ? "of" : "same_turnover_as"
      if ids.contains(peer) {
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
