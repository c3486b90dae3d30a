import Market
import Trading

extension PromptTables {
  /// The market of one coin; nothing in it depends on the trader but the short time frame.
  static let coin = PromptTable<CoinScene>(quote + shortFrame + longFrame)

  private static let quote: [PromptEntry<CoinScene>] = [
    .text("coin", "The coin.") { $0.snapshot.coin.name },
    .text("price", "Mid price now, USD.") { $0.snapshot.quote.mid.description },
    .text("mark_price", "The price the venue values positions at, USD.") {
      $0.snapshot.quote.mark.description
    },
    .text("oracle_price", "The price funding is charged on, USD.") {
      $0.snapshot.quote.oracle.description
    },
    .number("quote_age_seconds", "How old these prices are, seconds.", whole) {
      Double($0.brief.age.ms) / 1000
    },
    .number("impact_spread_bps", "Bid to ask for the impact size, basis points.", one) {
      $0.brief.impactSpreadBps
    },
    .number("change_1h_pct", "Change of the mid within an hour, per cent.", signed) {
      $0.snapshot.change1hPct
    },
    .number("change_4h_pct", "Change of the mid within four hours, per cent.", signed) {
      $0.snapshot.change4hPct
    },
    .number(
      "funding_rate_pct", "Hourly funding rate, per cent of the notional; longs pay when positive.",
      { NumberText.fixed($0, 6) }
    ) { $0.snapshot.funding.map { 100 * $0.rate.double } },
    .number("funding_year_pct", "The same rate over a year, per cent, simple.", signed) {
      $0.snapshot.funding.map { 876_000 * $0.rate.double }
    },
    .number("open_interest_coins", "Coins open at the venue.", five) { $0.snapshot.openInterest },
    .number(
      "open_interest_average_coins", "Mean of the open interest over the history that is kept.",
      five
    ) { $0.snapshot.openInterestAverage },
    .number("open_interest_usd", "Open interest at the mark, USD.", whole) {
      $0.brief.openInterestUSD
    },
    .number("day_volume_usd", "Traded in the last 24 hours, USD.", whole) {
      $0.snapshot.dayVolumeUSD
    },
    .count("venue_max_leverage", "The venue's greatest leverage.") {
      $0.snapshot.instrument.maxLeverage
    },
  ]

  private static let shortFrame: [PromptEntry<CoinScene>] = [
    .text("short_timeframe", "Candle length of the short series.") { $0.shortFrame.description },
    .text("short_as_of", "When the last candle of the short series ended, UTC.") {
      $0.short.asOf?.description ?? NumberText.missing
    },
    .flag("has_short", "Whether there are candles of the short time frame.") {
      $0.short.asOf != nil
    },
    .number("ema20", "EMA of 20 short closes, USD.", six) { $0.short.ema20 },
    .number("macd", "MACD line (12, 26) of the short closes, USD.", four) { $0.short.macd },
    .number("rsi7", "RSI of 7 short candles.", one) { $0.short.rsi7 },
    .number("rsi14", "RSI of 14 short candles.", one) { $0.short.rsi14 },
    .number("atr14", "Average true range of 14 short candles, USD.", four) { $0.short.atr14 },
    .text("short_closes", "The last short closes, USD, oldest → newest.") { $0.short.closes },
    .text("short_ema20", "EMA of 20 short closes, USD, oldest → newest.") {
      $0.short.ema20Series
    },
    .text("short_macd", "MACD line of the short closes, USD, oldest → newest.") {
      $0.short.macdSeries
    },
    .text("short_rsi7", "RSI of 7 short candles, oldest → newest.") { $0.short.rsi7Series },
    .text("short_rsi14", "RSI of 14 short candles, oldest → newest.") { $0.short.rsi14Series },
  ]

  private static let longFrame: [PromptEntry<CoinScene>] = [
    .text("long_timeframe", "Candle length of the wider picture.") { _ in
      Prompt.longTimeframe.description
    },
    .text("long_as_of", "When the last candle of the long time frame ended, UTC.") {
      $0.long.asOf?.description ?? NumberText.missing
    },
    .flag("has_long", "Whether there are candles of the long time frame.") {
      $0.long.asOf != nil
    },
    .text("long_closes", "The last long closes, USD, oldest → newest.") { $0.long.closes },
    .number("long_ema20", "EMA of 20 long closes, USD.", six) { $0.long.ema20 },
    .number("long_ema50", "EMA of 50 long closes, USD.", six) { $0.long.ema50 },
    .number("long_atr3", "Average true range of 3 long candles, USD.", four) { $0.long.atr3 },
    .number("long_atr14", "Average true range of 14 long candles, USD.", four) { $0.long.atr14 },
    .number("long_volume", "Coins traded in the last long candle.", five) { $0.long.volume },
    .number("long_average_volume", "Mean of the last 20 long candles, coins.", five) {
      $0.long.averageVolume
    },
    .text("long_macd", "MACD line of the long closes, USD, oldest → newest.") {
      $0.long.macdSeries
    },
    .text("long_rsi14", "RSI of 14 long candles, oldest → newest.") { $0.long.rsi14Series },
  ]
}
