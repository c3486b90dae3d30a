import Testing
import Trading

@Suite("A JSON value")
struct JSONValueTests {
  @Test(
    "is whole only when it is exactly so",
    arguments: [
      ("3", 3), ("-3", -3), ("3.0", 3), ("3e0", 3), ("30e-1", 3), ("0.3e1", 3), ("-0", 0),
      ("0.0", 0),
      ("9223372036854775807", Int.max), ("-9223372036854775807", -Int.max),
      ("-9223372036854775808", Int.min), ("9223372036854775808", nil), ("3.5", nil), ("1e-1", nil),
      // Neither fits a Double: the first would be even, the second 1.
      ("9007199254740993.0", 9_007_199_254_740_993), ("1.00000000000000000001", nil),
      ("0e99999999999999999999", 0), ("1e99999999999999999999", nil),
      ("1e-99999999999999999999", nil),
      ("1e18", 1_000_000_000_000_000_000), ("1e19", nil),
    ])
  func isWholeOnlyExactly(digits: String, whole: Int?) throws {
    #expect(try JSONReader.value(of: digits).whole == whole)
  }

  @Test(
    "is the nearest double",
    arguments: [
      ("0.1", 0.1), ("1e400", nil), ("-1e400", nil), ("1e-400", 0), ("-0", 0), ("2.5e-3", 0.0025),
    ])
  func isTheNearestDouble(digits: String, double: Double?) throws {
    #expect(try JSONReader.value(of: digits).double == double)
  }

  @Test func givesNothingOfOtherKinds() {
    let values: [JSONValue] = [.null, .flag(true), .number(1), .text("1"), .array([]), .object([])]

    #expect(values.compactMap(\.text) == ["1"])
    #expect(values.compactMap(\.whole) == [1])
    #expect(values.compactMap(\.double) == [1])
    #expect(values.compactMap(\.flag) == [true])
    #expect(values.compactMap(\.elements).count == 1)
    #expect(values.compactMap(\.members).count == 1)
    #expect(values.allSatisfy { $0["a"] == nil && $0[0] == nil })
    #expect(
      values.map(\.kind) == [
        "null", "true or false", "a number", "a text", "a list", "an object",
      ])
  }

  @Test(
    "has exact decimal steps",
    arguments: [
      ("1.5", false, 150_000_000, true), ("-1.5", false, -150_000_000, true),
      ("0.000000005", false, 0, false), ("0.000000015", false, 2, false),
      ("0.000000015", true, 1, false), ("-0.000000019", true, -1, false),
      ("0.0000000050000000000000000000001", false, 1, false), ("1e-8", false, 1, true),
      ("1e-9", true, 0, false), ("92233720368.54775807", false, Int64.max, true),
      ("0", true, 0, true),
      ("12.5e-1", false, 125_000_000, true), ("0.999999999", false, 100_000_000, false),
    ])
  func hasExactSteps(text: String, isDown: Bool, steps: Int64, isExact: Bool) throws {
    let decimal = try #require(JSONDecimal(text))

    let found = decimal.steps(decimals: 8, roundedDown: isDown)

    #expect(found?.steps == steps)
    #expect(found?.isExact == isExact)
  }

  @Test(
    "has no steps beyond its range",
    arguments: [
      "92233720368.54775808", "-92233720368.54775808", "1e11", "1e999999999999999999",
    ])
  func hasNoStepsBeyondItsRange(text: String) throws {
    let decimal = try #require(JSONDecimal(text))

    #expect(decimal.steps(decimals: 8, roundedDown: false) == nil)
  }

  @Test(
    "is a decimal only by the grammar of JSON",
    arguments: [
      "", "-", "+1", "01", "1.", ".1", "1e", "1e+", "e1", " 1", "1 ", "1,5", "1_0", "0x1", "NaN",
      "１",
      "--1", "1-2", "1e5.5",
    ])
  func isADecimalOnlyByTheGrammar(text: String) {
    #expect(JSONDecimal(text) == nil)
  }
}
