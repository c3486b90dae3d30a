import Testing
import Trading
import VenueStandIn

@Suite struct SigningTests {
  @Test func hashesTheEmptyText() {
    // The constant of fact sheet §12.
    #expect(
      hex(Keccak.hash([]))
        == "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
  }

  @Test(arguments: SigningVector.all.indices)
  func recoversWhoSignedWithTheOfficialClient(index: Int) throws {
    let vector = SigningVector.all[index]
    let action = try JSONReader.value(of: vector.action)

    for action in [action, reversed(action)] {
      let packed = try #require(ActionShapes.packed(action))
      let hash = SignerRecovery.actionHash(
        packed, nonce: vector.nonce, vault: vector.vault.flatMap { VenueAddress($0) },
        expiresAfter: vector.expiresAfter)
      let signer = SignerRecovery.signer(
        of: SignerRecovery.digest(of: hash, isMainnet: vector.isMainnet), r: bytes(vector.r),
        s: bytes(vector.s), v: vector.v)

      #expect(hex(hash) == vector.actionHash, "\(vector.name)")
      #expect(signer?.description == vector.signer, "\(vector.name)")
    }
  }

  @Test func knowsItsOwnSigners() throws {
    let client = try TestClient()
    let answer = client.act("{\"type\":\"noop\"}")
    #expect(answer.body == "{\"status\":\"ok\",\"response\":{\"type\":\"default\"}}")
    #expect(client.venue.receivedActions.map(\.signer) == [client.key.address])
    #expect(client.venue.receivedActions.map(\.account) == [client.master])
  }

  /// The same value with the keys of all objects the other way round.
  private func reversed(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map { reversed($0) })
    case .object(let members):
      .object(members.reversed().map { JSONMember($0.name, reversed($0.value)) })
    case .null, .flag, .number, .text: value
    }
  }

  private func bytes(_ text: String) -> [UInt8] {
    let digits = Array(text.utf8.dropFirst(2))
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16)
    }
  }
}
