import Exchanges
import Testing
import Trading

@Suite struct ActionSignerTests {
  private let key: SigningKey
  private let vault: EthereumAddress
  private let order: VenueAction

  init() throws {
    key = try SigningKey(hex: "6fb7d430593441f21088b7b922166f409cab81ebb22aa328bf098e9b49e0047f")
    vault = try #require(EthereumAddress("0x1719884eb866cb12b2287399b15f7db5e7d775ea"))
    let entry = WireOrder(
      asset: 5, isBuy: true, price: try #require(Price("187.65")),
      size: try #require(Quantity("12.340")), reduceOnly: false, kind: .limit(tif: .ioc), id: nil)
    order = .order([entry], grouping: .na)
  }

  @Test func writesTheWholeEnvelope() {
    let signer = ActionSigner(key: key, network: .testnet, vault: vault)

    let body = String(
      decoding: signer.request(order, nonce: 1_794_600_000_001, expiresAt: Timestamp(ms: 7)),
      as: UTF8.self)

    let start = """
      {"action":{"type":"order","orders":[{"a":5,"b":true,"p":"187.65","s":"12.34","r":false,\
      "t":{"limit":{"tif":"Ioc"}}}],"grouping":"na"},"nonce":1794600000001,"signature":{"r":"0x
      """
    let end = """
      },"vaultAddress":"0x1719884eb866cb12b2287399b15f7db5e7d775ea","expiresAfter":7}
      """
    #expect(body.hasPrefix(start))
    #expect(body.hasSuffix(end))
    #expect(!body.contains("null"))
  }

  @Test func leavesOutWhatIsNotThere() throws {
    let signer = ActionSigner(key: key, network: .testnet, vault: nil)

    let body = try JSONReader.value(of: signer.request(order, nonce: 1, expiresAt: nil))

    #expect(body.members?.map(\.name) == ["action", "nonce", "signature"])
    #expect(body["action"]?["orders"]?[0]?["c"] == nil)
  }

  @Test func signsTheSameBytesTwice() {
    let signer = ActionSigner(key: key, network: .mainnet, vault: vault)

    let first = signer.request(order, nonce: 17, expiresAt: Timestamp(ms: 1_794_600_000_000))
    let second = signer.request(order, nonce: 17, expiresAt: Timestamp(ms: 1_794_600_000_000))

    #expect(first == second)
  }

  @Test(arguments: HyperliquidNetwork.allCases, [true, false])
  func isRecoveredFromTheRequest(network: HyperliquidNetwork, forVault: Bool) throws {
    let signer = ActionSigner(key: key, network: network, vault: forVault ? vault : nil)
    let expiry = Timestamp(ms: 1_794_600_030_000)

    let body = try JSONReader.value(of: signer.request(order, nonce: 17, expiresAt: expiry))

    let signature = try #require(body["signature"])
    let read = try #require(
      EthereumSignature(
        r: unhex(signature.requiredText("r")), s: unhex(signature.requiredText("s")),
        v: signature.requiredWhole("v")))
    let hash = signer.hash(of: order, nonce: 17, expiresAt: expiry)
    #expect(read.signer(of: ActionDigest.digest(of: hash, on: network)) == key.address)
    #expect(signer.address == key.address)
  }

  @Test func everythingThatMattersChangesTheHash() {
    let plain = ActionSigner(key: key, network: .testnet, vault: nil)
    let forVault = ActionSigner(key: key, network: .testnet, vault: vault)
    let hashes = [
      plain.hash(of: order, nonce: 1, expiresAt: nil),
      plain.hash(of: order, nonce: 2, expiresAt: nil),
      plain.hash(of: order, nonce: 1, expiresAt: Timestamp(ms: 1)),
      plain.hash(of: .noop, nonce: 1, expiresAt: nil),
      forVault.hash(of: order, nonce: 1, expiresAt: nil),
    ]

    #expect(Set(hashes).count == hashes.count)
    #expect(
      ActionDigest.digest(of: hashes[0], on: .mainnet)
        != ActionDigest.digest(of: hashes[0], on: .testnet))
  }

  /// Margin taken away is the one negative number of all actions: −1.5 dollars are d2 ffe91ca0.
  @Test func writesMarginTakenAway() {
    let action = VenueAction.updateIsolatedMargin(asset: 1, isBuy: true, microUSD: -1_500_000)

    #expect(action.json.document.hasSuffix(#""ntli":-1500000}"#))
    #expect(hex(action.messagePack.bytes).hasSuffix("a46e746c69d2ffe91ca0"))
  }
}
