import Exchanges
import Testing
import Trading

@Suite struct SigningKeyTests {
  /// The order of secp256k1 (SEC 2, version 2.0, section 2.4.1).
  private static let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
  private static let good = "6fb7d430593441f21088b7b922166f409cab81ebb22aa328bf098e9b49e0047f"

  private static let refused: [(String, SigningKeyError)] = [
    ("", .length(0)),
    ("0x", .length(0)),
    ("0x" + good.dropLast(), .length(63)),
    (good + "0", .length(65)),
    (good + "\n", .length(65)),
    ("0x4f177ae2e29033cd7407cac1233f8830b13162c1", .length(40)),
    ("0x" + good.dropLast() + "g", .digit(position: 64)),
    (" " + good.dropFirst(), .digit(position: 1)),
    (String(repeating: "0", count: 64), .zero),
    (order, .tooGreat),
    (String(repeating: "f", count: 64), .tooGreat),
  ]

  @Test(arguments: refused)
  func refusesWhatIsNoKey(text: String, expected: SigningKeyError) {
    #expect(throws: expected) { try SigningKey(hex: text) }
  }

  private static let words: [(SigningKeyError, String)] = [
    (
      .length(40),
      "expected a private key of 64 hexadecimal digits, with or without 0x, was 40 characters"
        + " as an address has; give the key of the agent, not its address"
    ),
    (
      .length(63),
      "expected a private key of 64 hexadecimal digits, with or without 0x, was 63 characters"
    ),
    (
      .digit(position: 64),
      "expected a private key of hexadecimal digits, was something else at digit 64"
    ),
    (.zero, "expected a private key above zero, was zero; make a new agent key"),
    (
      .tooGreat,
      "expected a private key below the order of secp256k1, was not; make a new agent key"
    ),
  ]

  @Test(arguments: words)
  func saysWhyWithoutTheKey(error: SigningKeyError, text: String) {
    #expect(error.description == text)
  }

  @Test func readsTheGreatestAndTheLeastKey() throws {
    // The address of key 1 is the hash of the curve's generator, known everywhere.
    let least = try SigningKey(hex: String(repeating: "0", count: 63) + "1")
    let greatest = try SigningKey(hex: Self.order.dropLast() + "0")

    #expect(least.address.description == "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf")
    #expect(greatest.address != least.address)
  }

  @Test func readsEitherCaseWithAndWithoutPrefix() throws {
    let addresses = try [Self.good, "0x" + Self.good, Self.good.uppercased()].map {
      try SigningKey(hex: $0).address.description
    }

    #expect(Set(addresses) == ["0x4f177ae2e29033cd7407cac1233f8830b13162c1"])
  }

  @Test func neverShowsItself() throws {
    let key = try SigningKey(hex: Self.good)
    let signer = ActionSigner(key: key, network: .testnet, vault: nil)

    var dumped = ""
    dump(key, to: &dumped)
    dump(signer, to: &dumped)
    let shown = [
      dumped, "\(key)", String(reflecting: key), "\(signer)", String(reflecting: signer),
      String(reflecting: Mirror(reflecting: key).children.map { "\($0)" }),
    ].joined().lowercased()

    #expect(shown.contains("0x4f177ae2e29033cd7407cac1233f8830b13162c1"))
    #expect(!shown.contains(Self.good.prefix(8)))
    // Nor as a list of bytes: 6f b7 d4.
    #expect(!shown.contains("111, 183, 212"))
  }

  @Test func signsTheSameTwiceAndIsRecovered() throws {
    let seed: UInt64 = 5
    var random = SeededGenerator(seed: seed)
    let key = try SigningKey(hex: Self.good)
    for _ in 0..<50 {
      let digest = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }

      let signature = key.sign(digest: digest)

      #expect(key.sign(digest: digest) == signature, "seed \(seed)")
      #expect(signature.signer(of: digest) == key.address, "seed \(seed)")
      let other = [digest[0] ^ 1] + digest.dropFirst()
      #expect(signature.signer(of: other) != key.address, "seed \(seed)")
      // The lower s begins with a bit of zero.
      #expect(signature.s[0] < 0x80, "seed \(seed)")
    }
  }

  @Test func recoversNobodyFromNonsense() throws {
    let zeros = [UInt8](repeating: 0, count: 32)
    let ones = [UInt8](repeating: 255, count: 32)

    #expect(EthereumSignature(r: zeros, s: zeros, v: 27)?.signer(of: ones) == nil)
    #expect(EthereumSignature(r: ones, s: ones, v: 28)?.signer(of: ones) == nil)
    #expect(EthereumSignature(r: zeros, s: zeros, v: 0) == nil)
    #expect(EthereumSignature(r: [1], s: zeros, v: 27) == nil)
  }
}
