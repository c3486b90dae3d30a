package import Exchanges
package import Trading

/// Market data of Hyperliquid, for which no key is needed.
package struct HyperliquidMarketSection: Sendable, Equatable {
  /// The coins it offers, none twice; empty = those that its traders name.
  package let symbols: [Coin]
  /// Which of the two networks.
  package let network: HyperliquidNetwork
  /// Where requests go, without a slash at the end: the network's own server unless overridden.
  package let baseURL: String
  /// Whether requests go to this very machine: a stand-in or a proxy.
  package let isStandIn: Bool
  /// How long one question may take with all its repetitions, from 100 ms to 60 s.
  package let timeout: Span
  /// How long one request may take, from 100 ms to 60 s.
  package let httpTimeout: Span
  /// How often a failed request is repeated, at least zero.
  package let maxRetries: Int
  /// How long candles, funding rates and open interest are kept, at least a day.
  package let retention: Span
}

extension HyperliquidMarketSection {
  /// Reads a checked group of keys; `nil` when something in it was refused.
  init?(_ section: Section) {
    guard let timeout = section.span("timeout"), let http = section.span("http_timeout"),
      let retries = section.whole("max_retries"), let retention = section.span("retention")
    else { return nil }
    let place = HyperliquidPlace(section)
    self.init(
      symbols: section.coins("symbols") ?? [], network: place.network, baseURL: place.baseURL,
      isStandIn: place.isStandIn, timeout: timeout, httpTimeout: http, maxRetries: retries,
      retention: retention)
  }
}
