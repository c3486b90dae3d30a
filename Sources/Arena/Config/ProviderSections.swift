package import Trading

/// One exchange of exchange.yaml.
package enum ExchangeSection: Sendable, Equatable {
  /// The simulated one.
  case sim(SimSection)
  /// An account on Hyperliquid.
  case hyperliquid(HyperliquidSection)
  /// One of a type that this version cannot trade on, for example `binance_spot`.
  case unavailable(type: String)
}

/// A simulated exchange.
package struct SimSection: Sendable, Equatable {
  /// Whether positions share the account's money as margin.
  package enum MarginMode: String, Sendable, CaseIterable {
    /// They share it.
    case cross
    /// Each has its own.
    case isolated
    /// Nothing needs margin and nothing is liquidated.
    case none
  }

  /// The price that orders are filled around.
  package enum FillPrice: String, Sendable, CaseIterable {
    /// The price of the decision: the close of the last candle.
    case lastClose = "last_close"
    /// The open of the candle that begins with the decision.
    case nextOpen = "next_open"
  }

  /// Distance between best bid and best ask, at least zero.
  package let spread: Bps
  /// How much worse the average price gets for each 100,000 USD, at least zero.
  package let slippagePer100k: Bps
  /// Where liquidity ends, USD, above zero.
  package let depth: USD
  /// Fee of orders that fill at once, at least zero.
  package let takerFee: Bps
  /// Fee of orders that rested, at least zero.
  package let makerFee: Bps
  /// Fee of a liquidation on top of the taker fee, at least zero.
  package let liquidationFee: Bps
  /// Whether positions share the account's money as margin.
  package let marginMode: MarginMode
  /// The price that orders are filled around.
  package var fillAt: FillPrice
  /// Whether all traders trade on one account, named like the provider.
  package let isSharedAccount: Bool
  /// The answer to every n-th accepted order is lost; `nil` = never.
  package let loseAnswerEvery: Int?
}

/// One source of market data of market.yaml.
package enum MarketSection: Sendable, Equatable {
  /// Made up from a seed.
  case synthetic(SyntheticSection)
  /// Read from files.
  case recorded(RecordedSection)
  /// Read from Hyperliquid.
  case hyperliquid(HyperliquidMarketSection)
  /// One of a type that this version cannot read from, for example `binance_futures`.
  case unavailable(type: String)
}

/// A market made up from a seed.
package struct SyntheticSection: Sendable, Equatable {
  /// The same seed makes the same market.
  package let seed: UInt64
  /// The coins it offers, at least one, none twice.
  package let symbols: [Coin]
}

/// A market read from files.
package struct RecordedSection: Sendable, Equatable {
  /// The directory as written; relative to the working directory unless it begins with `/`.
  package let directory: String
  /// Tick, lot, minimum and leverage, relative to the directory; `nil` = the defaults.
  package let instrumentsFile: String?
  /// The coins it offers, at least one, none twice.
  package let symbols: [Coin]
  /// Whether prices of orders keep to the venue's digits.
  package let isOnVenueGrid: Bool
  /// Whether funding is read, and charged on positions.
  package let hasFunding: Bool
}

extension ExchangeSection {
  /// Reads a checked group of keys; `nil` when something in it was refused.
  ///
  /// `key` is where the key of a venue is that signs with one.
  init?(_ section: Section, key: SecretReference?) {
    guard let type = section.word("type") else { return nil }
    if type == "hyperliquid" {
      guard let account = HyperliquidSection(section, key: key) else { return nil }
      self = .hyperliquid(account)
      return
    }
    guard type == "sim" else {
      self = .unavailable(type: type)
      return
    }
    guard let spread = section.bps("spread_bps"),
      let slippage = section.bps("slippage_bps_per_100k"), let depth = section.usd("depth_usd"),
      let taker = section.bps("taker_fee_bps"), let maker = section.bps("maker_fee_bps"),
      let liquidation = section.bps("liquidation_fee_bps"),
      let mode = section.word("margin_mode").flatMap(SimSection.MarginMode.init(rawValue:)),
      let fillAt = section.word("fill_at").flatMap(SimSection.FillPrice.init(rawValue:)),
      let isShared = section.flag("shared_account"), let lose = section.whole("lose_answer_every")
    else { return nil }
    self = .sim(
      SimSection(
        spread: spread, slippagePer100k: slippage, depth: depth, takerFee: taker, makerFee: maker,
        liquidationFee: liquidation, marginMode: mode, fillAt: fillAt, isSharedAccount: isShared,
        loseAnswerEvery: lose.unlessZero))
  }
}

extension MarketSection {
  /// Reads a checked group of keys; `nil` when something in it was refused.
  init?(_ section: Section) {
    switch section.word("type") {
    case "synthetic":
      guard let seed = section.whole("seed"), let symbols = section.coins("symbols") else {
        return nil
      }
      self = .synthetic(SyntheticSection(seed: UInt64(seed), symbols: symbols))
    case "recorded":
      guard let directory = section.text("directory"), let symbols = section.coins("symbols"),
        let grid = section.word("price_grid"), let funding = section.flag("funding")
      else { return nil }
      self = .recorded(
        RecordedSection(
          directory: directory, instrumentsFile: section.text("instruments_file"),
          symbols: symbols, isOnVenueGrid: grid != "exact", hasFunding: funding))
    case "hyperliquid":
      guard let market = HyperliquidMarketSection(section) else { return nil }
      self = .hyperliquid(market)
    case .some(let type): self = .unavailable(type: type)
    case nil: return nil
    }
  }
}
