import Testing
import Trading
import VenueStandIn

@Suite struct RefusalTests {
  static let good = limit(1, .buy, "0.1", at: "3100")

  @Test(arguments: [
    orderAction([good]).replacing("\"na\"", with: "\"all\""),
    orderAction([good]).replacing("\"r\":false", with: "\"r\":null"),
    orderAction([good]).replacing("\"r\":false", with: "\"r\":false,\"c\":null"),
    orderAction([good]).replacing("\"r\":false", with: "\"r\":false,\"x\":1"),
    orderAction([good]).replacing("}}}", with: "}},\"c\":\"0x01\"}"),
    orderAction([good]).replacing(
      "}}}", with: "}},\"c\":\"0xABCDEF00000000000000000000000001\"}"),
    orderAction([good]).replacing("\"3100\"", with: "\"3100.0\""),
    orderAction([good]).replacing("\"3100\"", with: "3100"),
    orderAction([good]).replacing("\"0.1\"", with: "\"1e-1\""),
    orderAction([good]).replacing("\"0.1\"", with: "\"-0.1\""),
    orderAction([good]).replacing("\"grouping\"", with: "\"a\":false,\"grouping\""),
    "{\"type\":\"cancelAll\"}", "{\"type\":\"cancel\",\"cancels\":[{\"a\":1}]}",
    "{\"type\":\"updateLeverage\",\"a\":1,\"isCross\":true,\"leverage\":5}",
  ])
  func cannotRead(action: String) throws {
    let client = try TestClient()
    let answer = client.act(action)
    #expect(answer.status == 422)
    #expect(answer.head.contains("text/plain"))
    #expect(answer.body == "Failed to deserialize the JSON body into the target type")
    #expect(client.venue.orders.isEmpty)
  }

  @Test func cannotReadWhatIsNoJSONOrHasNoType() throws {
    let client = try TestClient()
    #expect(client.post("/exchange", "{").status == 400)
    #expect(client.post("/exchange", "{}", contentType: nil).status == 415)
    #expect(client.post("/info", "{\"type\":\"nonsense\"}").status == 422)
    #expect(client.post("/info", "{\"type\":\"clearinghouseState\"}").status == 422)
    #expect(client.post("/nowhere", "{}").status == 404)
  }

  @Test func namesTheRecoveredAddressOfAStranger() throws {
    let client = try TestClient()
    let stranger = TestKey(9)
    let body = stranger.body("{\"type\":\"noop\"}", nonce: client.nonce())
    #expect(
      client.post("/exchange", body).error
        == "User or API Wallet \(stranger.address) does not exist.")
    // One character of what was signed changes who seems to have signed it.
    let forged = client.key.body(orderAction([Self.good]), nonce: client.nonce())
      .replacing("3100", with: "3101")
    let answer = client.post("/exchange", forged)
    #expect(answer.status == 200)
    #expect(answer.error?.hasPrefix("User or API Wallet 0x") == true)
    #expect(answer.error?.contains("\(client.key.address)") == false)
    // Another network's signature is another's, too.
    let mainnet = client.key.body("{\"type\":\"noop\"}", nonce: client.nonce(), isMainnet: true)
    #expect(client.post("/exchange", mainnet).error?.hasSuffix("does not exist.") == true)
  }

  @Test func recoversNobodyFromNonsense() throws {
    let client = try TestClient()
    let body =
      "{\"action\":{\"type\":\"noop\"},\"nonce\":\(client.nonce()),"
      + "\"signature\":{\"r\":\"0x0\",\"s\":\"0x0\",\"v\":27}}"
    #expect(client.post("/exchange", body).error == "Unable to recover signer.")
  }

  @Test func takesANonceOnce() throws {
    let client = try TestClient()
    let nonce = client.nonce()
    let body = client.key.body(orderAction([Self.good]), nonce: nonce)

    #expect(client.post("/exchange", body).statuses.first?["filled"] != nil)
    #expect(
      client.post("/exchange", body).error == "Invalid nonce: duplicate nonce \(nonce)")
    #expect(client.venue.orders.count == 1)
  }

  @Test func forgetsAllButAHundredNonces() throws {
    let client = try TestClient()
    let first = client.nonce()
    for _ in 0..<100 { _ = client.act("{\"type\":\"noop\"}") }
    let early = client.post("/exchange", client.key.body("{\"type\":\"noop\"}", nonce: first))
    #expect(early.error == "Invalid nonce: nonce too low \(first) < \(first + 1)")
    // All numbers since are used: one between would do if it were not.
    let known = client.post("/exchange", client.key.body("{\"type\":\"noop\"}", nonce: first + 9))
    #expect(known.error == "Invalid nonce: duplicate nonce \(first + 9)")
  }

  @Test(arguments: [-2 * 86_400_000, 86_400_000])
  func keepsNoncesInAWindow(distance: Int64) throws {
    let client = try TestClient()
    func send(_ nonce: Int64) -> String? {
      client.post("/exchange", client.key.body("{\"type\":\"noop\"}", nonce: nonce)).error
    }
    let edge = client.venue.now.ms + distance
    #expect(send(edge)?.hasPrefix("Invalid nonce: nonce too") == true)
    #expect(send(edge + (distance < 0 ? 1 : -1)) == nil)
  }

  @Test func refusesTheExpired() throws {
    let client = try TestClient()
    let now = client.venue.now.ms
    let action = orderAction([Self.good])
    #expect(client.act(action, expiresAfter: now - 1).error == "Action already expired")
    #expect(client.venue.orders.isEmpty)
    #expect(client.act(action, expiresAfter: now + 1).error == nil)
  }

  @Test func refusesMoreThanTwoHundred() throws {
    let client = try TestClient()
    let one = "{\"a\":1,\"o\":5}"
    let cancels = [String](repeating: one, count: 201).joined(separator: ",")
    #expect(
      client.act("{\"type\":\"cancel\",\"cancels\":[\(cancels)]}").error
        == "Signed action over weight limit of 200.")
  }

  @Test func tradesForVaultsOfTheMasterOnly() throws {
    let client = try TestClient()
    let (own, other) = (VenueAddress(number: 50), VenueAddress(number: 51))
    client.venue.open(own, as: .vault(leader: client.master), deposit: USD(whole: 1000))
    client.venue.open(other, as: .vault(leader: VenueAddress(number: 2)), deposit: USD(whole: 9))

    #expect(client.act(orderAction([Self.good]), vault: own).error == nil)
    #expect(
      client.act(orderAction([Self.good]), vault: other).error == "Vault not registered: \(other)")
    #expect(client.venue.orders.map(\.account) == [own])
    #expect(client.venue.position(client.master, .eth) == nil)
  }

  @Test func wantsADepositAndABudget() throws {
    let client = try TestClient(deposit: "0")
    #expect(
      client.order(Self.good).error
        == "Must deposit before performing actions. User: \(client.master)")
    client.venue.deposit(USD(whole: 1000), to: client.master)
    client.venue.setRequestCap(0, of: client.master)
    #expect(
      client.order(Self.good).error
        == "Too many cumulative requests sent (1 > 0) for cumulative volume traded $0. "
        + "Place taker orders to free up 1 request per USDC traded.")
  }

  @Test func agentsExpireAndAreRevoked() throws {
    let client = try TestClient()
    client.venue.advance(by: .day * 181)
    #expect(
      client.order(Self.good).error
        == "User or API Wallet \(client.key.address) does not exist.")
    client.venue.approve(agent: client.key.address, for: client.master)
    #expect(client.order(Self.good).error == nil)
    client.venue.revoke(agent: client.key.address)
    #expect(client.order(Self.good).error?.hasSuffix("does not exist.") == true)
  }

  @Test func keepsTheRulesOfLeverage() throws {
    let client = try TestClient()
    func lever(_ asset: Int, _ isCross: Bool, _ leverage: Int) -> String? {
      client.act(
        "{\"type\":\"updateLeverage\",\"asset\":\(asset),\"isCross\":\(isCross),"
          + "\"leverage\":\(leverage)}"
      ).error
    }
    #expect(lever(1, true, 26) == "Invalid leverage value")
    #expect(lever(1, true, 0) == "Invalid leverage value")
    #expect(lever(1, true, 25) == nil)
    #expect(client.order(limit(1, .buy, "10", at: "3100")).error == nil)
    #expect(lever(1, false, 25) == "Cannot switch leverage type with open position.")
    #expect(
      lever(1, true, 2)
        == "Cross position does not have sufficient margin available to decrease leverage. "
        + "To decrease leverage, deposit more collateral.")
    #expect(lever(1, true, 4) == nil)
    #expect(
      client.ask("activeAssetData", "\"coin\":\"ETH\"")["leverage"]?["value"]?.whole == 4)
  }
}
