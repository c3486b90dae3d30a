import Trading

/// The leverage of an account in a coin.
struct Leverage {
  let value: Int
  let isIsolated: Bool

  init(_ row: Payload) throws(PayloadProblem) {
    let whole = try row.whole("value")
    guard (1...1000).contains(whole) else {
      throw row.expected("value", "1 to 1000", row.value["value"])
    }
    value = Int(whole)
    switch try row.text("type") {
    case "cross": isIsolated = false
    case "isolated": isIsolated = true
    default: throw row.expected("type", "\"cross\" or \"isolated\"", row.value["type"])
    }
  }
}
