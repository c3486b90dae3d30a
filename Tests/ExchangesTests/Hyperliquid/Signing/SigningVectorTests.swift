import Exchanges
import Testing
import Trading

/// All 24 actions the official SDK signed; see Vectors/README.md.
@Suite struct SigningVectorTests {
  private let rows: [JSONValue]

  init() throws { rows = try VectorFile.rows("signing_vectors.json", "vectors") }

  @Test func thereAreTwentyFour() { #expect(rows.count == 24) }

  @Test func packsAndWritesEveryActionAlike() throws {
    for row in rows {
      let name = try row.requiredText("name")
      let action = try ActionReading.action(#require(row["action"]))

      #expect(hex(action.messagePack.bytes) == (try row.requiredText("msgpack_hex")), "\(name)")
      #expect(action.json.document == (try row.requiredText("action_json")), "\(name)")
    }
  }

  @Test func hashesEveryActionAlike() throws {
    for row in rows {
      let signed = try Signed(row)

      let preimage = ActionDigest.preimage(
        of: signed.action.messagePack, nonce: signed.nonce, vault: signed.vault,
        expiresAt: signed.expiresAt)
      let hash = signed.signer.hash(
        of: signed.action, nonce: signed.nonce, expiresAt: signed.expiresAt)
      let digest = ActionDigest.digest(of: hash, on: signed.signer.network)

      #expect(hex(preimage) == (try row.requiredText("hash_preimage_hex")), "\(signed.name)")
      #expect(hex(hash) == (try row.requiredText("action_hash")), "\(signed.name)")
      #expect(hex(digest) == (try row.requiredText("eip712_digest")), "\(signed.name)")
    }
  }

  @Test func signsEveryActionAlike() throws {
    for row in rows {
      let signed = try Signed(row)

      let body = try JSONReader.value(
        of: signed.signer.request(
          signed.action, nonce: signed.nonce, expiresAt: signed.expiresAt))

      for list in ["signature", "signature_padded"] {
        let expected = try #require(row[list])
        let signature = try #require(body["signature"])
        #expect(try integer(signature, "r") == integer(expected, "r"), "\(signed.name)")
        #expect(try integer(signature, "s") == integer(expected, "s"), "\(signed.name)")
        #expect(signature["v"]?.whole == expected["v"]?.whole, "\(signed.name)")
      }
    }
  }

  @Test func derivesEverySigner() throws {
    for row in rows {
      let key = try SigningKey(hex: row.requiredText("private_key"))

      #expect(key.address.description == (try row.requiredText("signer_address")))
    }
  }

  @Test func wrapsEveryActionWithExactlyWhatWasHashed() throws {
    for row in rows {
      let signed = try Signed(row)

      let body = try JSONReader.value(
        of: signed.signer.request(
          signed.action, nonce: signed.nonce, expiresAt: signed.expiresAt))

      var names = ["action", "nonce", "signature"]
      if signed.vault != nil { names.append("vaultAddress") }
      if signed.expiresAt != nil { names.append("expiresAfter") }
      #expect(body.members?.map(\.name) == names, "\(signed.name)")
      #expect(body["action"] == row["action"], "\(signed.name)")
      #expect(body["nonce"] == row["nonce"], "\(signed.name)")
      if signed.vault != nil { #expect(body["vaultAddress"] == row["vault_address"]) }
      if signed.expiresAt != nil { #expect(body["expiresAfter"] == row["expires_after"]) }
    }
  }

  /// The digits without `0x` and leading zeros: the SDK leaves those out.
  private func integer(_ signature: JSONValue, _ part: String) throws -> String {
    String(try signature.requiredText(part).dropFirst(2).drop { $0 == "0" })
  }
}

/// What a vector says was signed, and our signer for it.
private struct Signed {
  let name: String
  let action: VenueAction
  let nonce: Int64
  let vault: EthereumAddress?
  let expiresAt: Timestamp?
  let signer: ActionSigner

  init(_ row: JSONValue) throws {
    name = try row.requiredText("name")
    action = try ActionReading.action(#require(row["action"]))
    nonce = Int64(try row.requiredWhole("nonce"))
    vault = try row["vault_address"]?.text.map { try #require(EthereumAddress($0)) }
    expiresAt = row["expires_after"]?.whole.map { Timestamp(ms: Int64($0)) }
    signer = ActionSigner(
      key: try SigningKey(hex: row.requiredText("private_key")),
      network: try row.requiredFlag("is_mainnet") ? .mainnet : .testnet, vault: vault)
  }
}
