import Trading

/// What the venue would send if nothing went wrong.
struct VenueAnswer: Sendable {
  var status = 200
  var contentType = "application/json"
  var body: [UInt8]

  init(_ value: JSONValue) { body = value.bytes }

  init(status: Int, text: String) {
    self.status = status
    contentType = "text/plain"
    body = Array(text.utf8)
  }

  init(status: Int, html: String) {
    self.status = status
    contentType = "text/html"
    body = Array(html.utf8)
  }

  static let unreadable = VenueAnswer(
    status: 422, text: "Failed to deserialize the JSON body into the target type")

  static let rateLimited: VenueAnswer = {
    var answer = VenueAnswer(.null)
    answer.status = 429
    return answer
  }()

  /// The whole action is refused.
  static func refused(_ text: String) -> VenueAnswer {
    VenueAnswer(members(["status": .text("err"), "response": .text(text)]))
  }

  static func page(_ status: Int) -> VenueAnswer {
    VenueAnswer(
      status: status,
      html: "<html><head><title>\(status)</title></head><body><h1>\(status) Bad Gateway</h1>"
        + "<hr><center>nginx</center></body></html>\r\n")
  }
}

/// An object in the order written.
func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
  .object(members.map { JSONMember($0.key, $0.value) })
}

/// A number as the venue writes it: text with at least one decimal.
func wire(_ number: some ExactDecimal) -> JSONValue {
  let text = number.description
  return .text(text.contains(".") ? text : text + ".0")
}

/// A time or order number.
func whole(_ number: Int64) -> JSONValue { .number("\(number)") }

/// A made-up transaction hash.
func hash(_ serial: Int64, _ salt: UInt8) -> JSONValue {
  let big = (0..<8).map { UInt8(truncatingIfNeeded: serial >> Int64(56 - 8 * $0)) }
  return .text(Hex.text(Keccak.hash(big + [salt])))
}
