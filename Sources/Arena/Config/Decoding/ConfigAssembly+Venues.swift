import Exchanges
import Trading

extension ConfigAssembly {
  /// Where the key that signs orders is; `nil` = none is named.
  mutating func venueKey(_ section: Section) -> SecretReference? {
    guard section.word("type") == "hyperliquid" else { return nil }
    let written = section.secret("private_key")
    let file = section.text("private_key_file")
    if written != nil, file != nil {
      error(
        section, "private_key_file",
        "\(section.path).private_key_file and private_key are both written", "keep one of them")
    }
    if written == nil, file == nil, section.flag("live") == true {
      error(
        section, "live", "\(section.path) is live and names no key",
        "add private_key: ${A_VARIABLE} with the key of an agent wallet, or private_key_file:")
    }
    return written
      ?? file.map {
        .file(path: surroundings.path($0, in: sections[.exchange]?.name ?? ""))
      }
  }

  /// Checks which network a provider of type hyperliquid means and where its requests go.
  mutating func checkPlace(_ section: Section, in file: ConfigFile) {
    let place = HyperliquidPlace(section)
    if section.word("network") != nil, let isTestnet = section.flag("testnet"),
      isTestnet != (place.network == .testnet)
    {
      error(
        section, "testnet",
        "\(section.path).testnet is \(isTestnet), but network is \(place.network.rawValue)",
        "remove testnet: network says it all")
    }
    if section.word("network") == nil, !section.stated.contains("network") {
      let source = section.flag("testnet").map { "testnet: \($0)" } ?? "default"
      derive(section, "network", place.network.rawValue, source, in: file)
    }
    guard let address = section.address("base_url") else {
      if !section.stated.contains("base_url") {
        derive(
          section, "base_url", place.baseURL, "network \(place.network.rawValue)", in: file)
      }
      return
    }
    guard !address.isEncrypted, !address.isLoopback else { return }
    error(
      section, "base_url",
      "\(section.path).base_url: requests would travel unencrypted to \(address.host)",
      "write https://")
  }

  /// Refuses two providers of one account: each would take the other's orders for a stranger's.
  mutating func checkVenueAccounts() {
    var owners: [String: Section] = [:]
    for section in sections[.exchange]?.sections("providers") ?? [] {
      guard let id = ProviderID(section.name), case .hyperliquid(let venue)? = exchanges[id] else {
        continue
      }
      let account = "\(venue.account) \(venue.network.rawValue)"
      guard let other = owners[account] else {
        owners[account] = section
        continue
      }
      let key = venue.vaultAddress == nil ? "main_address" : "vault_address"
      error(
        section, key,
        "\(section.path) is the same account as \(other.path), line \(other.place.line)",
        "let all traders of this account name one provider")
    }
  }

  /// Tells what would keep traders on a real venue from running.
  mutating func checkVenues(_ drafts: [TraderDraft]) {
    var users: [ProviderID: [String]] = [:]
    for draft in drafts {
      guard let provider = draft.exchange, let market = draft.market else { continue }
      checkCoins(of: draft, market)
      guard case .hyperliquid(let venue)? = exchanges[provider] else { continue }
      users[provider, default: []].append(draft.section.name)
      checkPrices(of: draft, venue, provider, market)
    }
    for section in sections[.exchange]?.sections("providers") ?? [] {
      guard let id = ProviderID(section.name), let traders = users[id],
        case .hyperliquid(let venue)? = exchanges[id], venue.isLive, let reference = venue.key,
        case .failure(let failure) = surroundings.secret(reference, environment)
      else { continue }
      let key = section.secret("private_key") == nil ? "private_key_file" : "private_key"
      let others = traders.count > 1 ? " and \(traders.count - 1) more" : ""
      reportForRun(
        section, key, "trader \(traders[0])\(others) on exchange \(id): \(failure.problem)",
        failure.advice)
    }
  }

  /// Hyperliquid has hundreds of coins: somebody must say which.
  private mutating func checkCoins(of draft: TraderDraft, _ market: ProviderID) {
    guard case .hyperliquid? = markets[market], draft.coins.isEmpty else { return }
    reportForRun(
      draft.section, "symbols",
      "trader \(draft.section.name) names no symbols, and neither does market \(market)",
      "add symbols: [BTC, ETH] to \(draft.path) or to the market")
  }

  /// Real orders need the prices of the venue they are sent to.
  private mutating func checkPrices(
    of draft: TraderDraft, _ venue: HyperliquidSection, _ provider: ProviderID,
    _ market: ProviderID
  ) {
    let what: String
    switch markets[market] {
    case .hyperliquid(let data) where data.network == venue.network: return
    case .hyperliquid(let data): what = "shows the prices of \(data.network.rawValue)"
    case .synthetic: what = "is made up"
    case .recorded: what = "shows prices of the past"
    // Has an issue of its own.
    case .unavailable, nil: return
    }
    reportForRun(
      draft.section, "market_provider",
      "trader \(draft.section.name) trades on exchange \(provider), which is Hyperliquid's "
        + "\(venue.network.rawValue), and market \(market) \(what)",
      "use a market of type: hyperliquid and network: \(venue.network.rawValue)")
  }
}
