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
    (0.30000000000000004, "0.30000000000000004"), (123_456.0, "123456"), (-10.0, "-10"),
    (-1.5e16, "-15000000000000000"), (12_345_678_901_234_568, "12345678901234568"),
    (1e20, "100000000000000000000"), (1e21, "1e+21"), (-1.5e21, "-1.5e+21"),
    (1e-20, "0.00000000000000000001"), (1.5e-21, "1.5e-21"), (-1e-5, "-0.00001"),
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
      json.array("f", [0, 5, -50, 1000] as [Int64]) { json, ms in
        json.object { $0.field("s", seconds: Timestamp(ms: ms)) }
      }
    }

    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"a":[1,2],"b":{"x":true,"y":null},"c":[],"d":1763633400.12,"#
        + #""e":-9223372036854775808,"f":[{"s":0},{"s":0.005},{"s":-0.05},{"s":1}]}"# + "\n")
  }

  // MARK: Against plainer ways to write

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func writesNumbersAsTheyDescribeThemselves(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let edges: [Int64] = [0, 1, -1, 9, 10, 99, 100, 999_999_999, .min, .max, .min + 1]
    let numbers =
      edges
      + (0..<300).map { _ in
        Int64(bitPattern: generator.next()) >> Int64(generator.next() % 64)
      }
    for number in numbers {
      let bytes = CanonicalJSON.document { json in
        json.field("a", number)
        json.field("b", "x", numbered: number)
        if number > .min { json.field("c", USD(mantissa: number)) }
      }
      let usd = number > .min ? ",\"c\":\(USD(mantissa: number))" : ""
      #expect(
        String(decoding: bytes, as: UTF8.self)
          == "{\"a\":\(number),\"b\":\"x_\(number)\"\(usd)}\n", "seed \(seed)")
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func escapesEachCharacterAsIfItStoodAlone(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let letters = Array("abcdefgh0123 \"\\<>&\n\u{2028}\u{2029}€ö\u{1}\u{7F}ab cdefghij")
    func inner(_ text: String) -> String {
      let bytes = CanonicalJSON.document(capacity: 1) { $0.field("t", text) }
      return String(decoding: bytes.dropFirst(6).dropLast(3), as: UTF8.self)
    }
    for length in 0..<60 {
      let text = (0..<length).map { _ in
        letters[Int(generator.next() % UInt64(generator.next() % 4 == 0 ? letters.count : 9))]
      }
      #expect(
        inner(String(text)) == text.map { inner(String($0)) }.joined(), "seed \(seed)")
    }
  }
}
