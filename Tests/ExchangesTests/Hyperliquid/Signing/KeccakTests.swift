import Exchanges
import Testing
import Trading

@Suite struct KeccakTests {
  @Test func agreesWithAllTwentyVectors() throws {
    let rows = try VectorFile.rows("keccak_vectors.json", "vectors")
    #expect(rows.count == 20)

    for row in rows {
      let bytes = try unhex(row.requiredText("hex"))
      let length = try row.requiredWhole("len")
      #expect(bytes.count == length)

      let hash = Keccak256.hash(bytes)

      let expected = try row.requiredText("keccak256")
      #expect(hex(hash) == "0x" + expected, "\(length) bytes")
    }
  }

  /// SHA3-256 of nothing, as FIPS 202 has it.
  @Test func isNotTheStandardisedSha3() {
    let sha3 = "0xa7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"
    #expect(hex(Keccak256.hash([])) != sha3)
  }
}
