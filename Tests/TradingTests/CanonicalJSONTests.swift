import Testing
import Trading

@Suite struct CanonicalJSONTests {
  @Test(arguments: [
    ("plain", "plain"), ("a\"b", #"a\"b"#), ("a\\b", #"a\\b"#), ("a\n\r\t", #"a\n\r\t"#),
    ("\u{1}\u{1F}", #"\u0001\u001f"#), ("</script>&", #"\u003c/script\u003e\u0026"#),
    ("a\u{2028}\u{2029}b", #"a\u2028\u2029b"#), ("€ ✓ 中文 🚀", "€ ✓ 中文 🚀"),
    ("e\u{301}\r\n", "e\u{301}\\r\\n"), ("", ""),
  ])
  func escapes(text: String, expected: String) {
    let bytes = CanonicalJSON.document { $0.field("t", text) }

    #expect(String(decoding: bytes, as: UTF8.self) == "{\"t\":\"\(expected)\"}\n")
  }

  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (100.0, "100"), (0.1, "0.1"), (-2.5, "-2.5"),
    (1e-7, "0.0000001"), (1.5e-7, "0.00000015"), (-1.25e-5, "-0.0000125"),
    (1e16, "10000000000000000"), (1.2345678901234567e19, "12345678901234567000"),
    (Double.leastNonzeroMagnitude, "5e-324"), (1e300, "1e+300"),
    (0.30000000000000004, "0.30000000000000004"),
  ])
  func writesTheShortestNumber(number: Double, expected: String) {
    let bytes = CanonicalJSON.document { $0.field("n", number) }

    #expect(String(decoding: bytes, as: UTF8.self) == "{\"n\":\(expected)}\n")
  }

  @Test(arguments: [
    ("0", "0"), ("10000.00", "10000"), ("-0.00000001", "-0.00000001"), ("1.5", "1.5"),
    ("92233720368.54775807", "92233720368.54775807"), ("-10.05", "-10.05"),
  ])
  func writesExactDecimals(amount: String, expected: String) throws {
    let usd = try #require(USD(amount))

    let bytes = CanonicalJSON.document { $0.field("n", usd) }

    #expect(String(decoding: bytes, as: UTF8.self) == "{\"n\":\(expected)}\n")
  }

  @Test func nestsAndSeparates() {
    let bytes = CanonicalJSON.document { json in
      json.array("a", [1, 2]) { $0.value(Int64($1)) }
      json.object("b") { json in
        json.field("x", true)
        json.null("y")
      }
      json.array("c", [Int]()) { $0.value(Int64($1)) }
      json.field("d", seconds: Timestamp(ms: 1_763_633_400_120))
      json.field("e", Int64.min)
    }

    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"a":[1,2],"b":{"x":true,"y":null},"c":[],"d":1763633400.12,"#
        + #""e":-9223372036854775808}"# + "\n")
  }
}
