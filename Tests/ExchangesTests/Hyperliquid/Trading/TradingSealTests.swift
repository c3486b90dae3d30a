import Exchanges
import Testing
import Trading

/// Orders as bytes: what is signed is the order, its number and its expiry.
@Suite struct TradingSealTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let coin: String
    let kind: OrderKind
    let purpose: OrderPurpose
    /// The order inside the action.
    let order: String
    var testDescription: String { "\(purpose) \(coin)" }
  }

  static let id = TradingBench.orderID("a").text

  static let cases: [Case] = [
    Case(
      coin: "BTC", kind: ioc("51000"), purpose: .open,
      order: #"{"a":0,"b":true,"p":"51000","s":"0.02","r":false,"#
        + #""t":{"limit":{"tif":"Ioc"}},"c":"\#(id)"}"#
    ),
    Case(
      coin: "ETH", kind: gtc("3000.5"), purpose: .close,
      order: #"{"a":1,"b":true,"p":"3000.5","s":"0.02","r":true,"#
        + #""t":{"limit":{"tif":"Gtc"}},"c":"\#(id)"}"#
    ),
    Case(
      coin: "SOL", kind: trigger("150", "165"), purpose: .stop,
      order: #"{"a":2,"b":true,"p":"165","s":"0.02","r":true,"#
        + #""t":{"trigger":{"isMarket":true,"triggerPx":"150","tpsl":"sl"}},"c":"\#(id)"}"#
    ),
    Case(
      coin: "SOL", kind: trigger("150", "165"), purpose: .target,
      order: #"{"a":2,"b":true,"p":"165","s":"0.02","r":true,"#
        + #""t":{"trigger":{"isMarket":true,"triggerPx":"150","tpsl":"tp"}},"c":"\#(id)"}"#
    ),
  ]

  @Test(arguments: cases)
  func putsTheOrderIntoOneSignedAction(_ example: Case) async throws {
    let exchange = try TradingBench().exchange()
    _ = await exchange.readiness(of: TradingBench.account, at: TradingBench.now)
    let intent = try TradingBench.intent(
      .buy, "0.02", example.coin, example.kind, example.purpose)

    let body = try JSONReader.value(of: #require(exchange.seal(intent)))

    #expect(
      body["action"]?.document
        == #"{"type":"order","orders":[\#(example.order)],"grouping":"na"}"#)
    #expect(body["nonce"] == .number(77))
    #expect(body["expiresAfter"] == .number(Int(TradingBench.now.ms + 20_000)))
    #expect(body["signature"]?["v"]?.whole.map { $0 == 27 || $0 == 28 } == true)
  }

  @Test func sealsTheSameOrderToTheSameBytes() async throws {
    let exchange = try TradingBench().exchange()
    let intent = try TradingBench.intent(.buy, "0.02", "BTC", ioc("51000"), .open)
    #expect(exchange.seal(intent) == nil)
    _ = await exchange.readiness(of: TradingBench.account, at: TradingBench.now)

    #expect(exchange.seal(intent) != nil)
    #expect(exchange.seal(intent) == exchange.seal(intent))
  }

  @Test func namesTheVault() async throws {
    var bench = TradingBench()
    bench.vault = TradingBench.other
    let exchange = try bench.exchange()
    _ = await exchange.readiness(of: TradingBench.account, at: TradingBench.now)
    let intent = try TradingBench.intent(.buy, "0.02", "BTC", ioc("51000"), .open)

    let body = try JSONReader.value(of: #require(exchange.seal(intent)))

    #expect(body["vaultAddress"] == .text("\(TradingBench.other)"))
  }

  @Test func sealsNothingOfAnotherAccount() async throws {
    let exchange = try TradingBench().exchange()
    _ = await exchange.readiness(of: TradingBench.account, at: TradingBench.now)
    let intent = try TradingBench.intent(
      .buy, "0.02", "BTC", ioc("51000"), .open, account: SimBench.account)
    #expect(exchange.seal(intent) == nil)
  }
}
