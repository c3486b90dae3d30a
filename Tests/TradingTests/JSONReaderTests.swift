import Testing
import Trading

@Suite("The JSON reader")
struct JSONReaderTests {
  @Test(
    "reads what RFC 8259 allows",
    arguments: [
      ("null", JSONValue.null), ("true", .flag(true)), ("false", .flag(false)),
      (" 1 ", .number("1")),
      ("\t\r\n[]", .array([])), ("{ }", .object([])),
      ("[ 1 , 2 ]", .array([.number(1), .number(2)])),
      ("\"\"", .text("")), (#""\"\\\/\b\f\n\r\t""#, .text("\"\\/\u{8}\u{C}\n\r\t")),
      (#""\u0041\u00e9\u20AC""#, .text("Aé€")), (#""\ud83d\uDE80""#, .text("🚀")),
      (#""\u0000""#, .text("\0")), ("\"\u{7F}\u{2028}é中🚀\"", .text("\u{7F}\u{2028}é中🚀")),
      (#""\uFFFF""#, .text("\u{FFFF}")), (#""\\u0041""#, .text("\\u0041")),
      (
        #"{"a":{"a":[null]}}"#,
        .object([JSONMember("a", .object([JSONMember("a", .array([.null]))]))])
      ),
      (
        #"{"":0,"b":1,"a":2}"#,
        .object([
          JSONMember("", .number(0)), JSONMember("b", .number(1)), JSONMember("a", .number(2)),
        ])
      ),
    ])
  func reads(text: String, value: JSONValue) throws {
    #expect(try JSONReader.value(of: text) == value)
  }

  @Test(
    "keeps numbers as they are written",
    arguments: [
      "0", "-0", "1", "-1", "10", "0.0", "1.50", "-0.10", "1e5", "1E5", "1e+5", "1e-05", "1.0E-2",
      "123456789012345678901234567890", "0.1000000000000000055511151231257827", "1e999999",
    ])
  func keepsNumbers(text: String) throws {
    #expect(try JSONReader.value(of: text) == .number(text))
  }

  @Test(
    "refuses what RFC 8259 does not allow",
    arguments: [
      "", " ", "nul", "nulll", "True", "NaN", "-NaN", "Infinity", "-Infinity", "undefined", "'a'",
      "+1", "01", "-01", "1.", ".5", "-", "-.5", "1e", "1e+", "1.e5", "0x10", "1_000", "1,000",
      "1 2",
      "[", "]", "[1", "[1,", "[,1]", "[1,]", "[1,,2]", "[1 2]", "[1}", "{", "}", "{,}", "{\"a\"}",
      "{\"a\":}", "{\"a\" 1}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{a:1}", "{1:1}", "{'a':1}",
      "{\"a\":1]", "\"", "\"a", "\"\\", "\"\\a\"", "\"\\'\"", "\"\\u\"", "\"\\u12\"", "\"\\u12G4\"",
      "\"\\U0041\"", "\"\n\"", "\"\t\"", "\"\0\"", "\"\u{1F}\"", "[] []", "{}//", "/* */1", "#\n1",
      "\u{FEFF}1", "\u{A0}1", "1\u{2028}", "“a”", "\u{C}1", "1\0",
    ])
  func refuses(text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONReader.value(of: text) }
  }

  @Test(
    "refuses half a surrogate pair",
    arguments: [
      #""\ud83d""#, #""\ude80""#, #""\ud83dx""#, #""\ud83d\n""#, #""\ud83d\u0041""#,
      #""\ud83d\ud83d""#, #""\ude80\ud83d""#, #""\ud83d\u""#, #""\ud83d\"#,
    ])
  func refusesHalfAPair(text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONReader.value(of: text) }
  }

  @Test(
    "refuses bytes that are not UTF-8",
    arguments: [
      [0x80], [0xC3], [0xC3, 0x28], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF], [0xFE],
    ] as [[UInt8]])
  func refusesOtherBytes(bytes: [UInt8]) {
    let quoted = Array("\"a".utf8) + bytes + Array("\"".utf8)

    #expect(throws: JSONSyntaxError.self) { try JSONReader.value(of: quoted) }
    #expect(throws: JSONSyntaxError.self) { try JSONReader.value(of: bytes) }
    #expect(throws: JSONSyntaxError.self) {
      try JSONReader.value(of: Array("{".utf8) + quoted + Array(":1}".utf8))
    }
  }

  @Test(
    "refuses a name that appears twice",
    arguments: [
      #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"\u0061":3}"#, #"{"x":{"a":1,"a":2}}"#, #"{"":1,"":2}"#,
      // One text to every reader of Swift: é as one character and as e with an accent.
      "{\"é\":1,\"e\u{301}\":2}",
    ])
  func refusesDuplicates(text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONReader.value(of: text) }
  }

  @Test func allowsTheSameNameInOtherObjects() throws {
    #expect(try JSONReader.value(of: #"[{"a":1},{"a":2}]"#)[1]?["a"]?.whole == 2)
  }

  @Test func nests64DeepAndNoDeeper() throws {
    let nested: (Int) -> String = {
      String(repeating: "[", count: $0) + String(repeating: "]", count: $0)
    }

    #expect(throws: Never.self) { try JSONReader.value(of: nested(64)) }
    #expect(throws: JSONSyntaxError.self) { try JSONReader.value(of: nested(65)) }
    #expect(throws: JSONSyntaxError.self) {
      try JSONReader.value(of: String(repeating: "[", count: 1_000_000))
    }
    #expect(throws: JSONSyntaxError.self) {
      try JSONReader.value(of: String(repeating: "{\"a\":", count: 1_000_000))
    }
    // Depth counts what is open, not what was.
    #expect(throws: Never.self) {
      try JSONReader.value(
        of: "[" + Array(repeating: "[[]]", count: 100).joined(separator: ",") + "]")
    }
  }

  @Test(
    "says where and what",
    arguments: [
      ("[1,]", "byte 3: expected a value, was \"]\""),
      ("{\"a\":1", "byte 6: expected a comma or }, was the end of the text"),
      ("{\"a\":1,\"a\":2}", "byte 7: expected each name once, was \"a\" a second time"),
      ("1 é", "byte 2: expected the end of the document, was byte 195"),
      ("\"a\nb\"", "byte 2: expected a control character to be escaped, was byte 10"),
      (#""\ud83d""#, "byte 7: expected a character, not half of a surrogate pair, was \"\"\""),
    ])
  func saysWhere(text: String, problem: String) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.value(of: text) }

    #expect(error?.description == problem)
  }

  @Test func readsAPrefixAndSaysWhereItEnds() throws {
    let bytes = Array("so: {\"a\":1} and more".utf8)

    let (value, end) = try JSONReader.prefix(of: bytes, from: 4)

    #expect(value["a"]?.whole == 1)
    #expect(end == 11)
  }

  @Test func readsWhatItWrites() throws {
    let text = #"{"b":[1.50,-0,"é\u003c\n\"",true,null,{}],"a":{"":[]}}"#

    #expect(try JSONReader.value(of: text).document == text)
  }
}
