import Trading
import Wire

extension ExchangeAnswer {
  /// The meaning of a response; whatever cannot be understood is unknown.
  init(_ response: HTTPResponse) {
    let status = response.status
    if response.isTooMany {
      self = .unknown("the venue was asked too often (HTTP \(status))")
    } else if status == 200 || (400..<500).contains(status) {
      self = Self.read(response)
    } else {
      self = .unknown("HTTP \(status)")
    }
  }

  private static func read(_ response: HTTPResponse) -> ExchangeAnswer {
    let status = response.status
    do throws(JSONSyntaxError) {
      let value = try JSONReader.value(of: response.body)
      if value["status"] == .text("err"), let reason = value["response"]?.text {
        return refusal(reason)
      }
      if status == 200 { return accepted(value) }
    } catch {
      // The body is not shown: it is of no use beyond what the place of the error tells.
      if status == 200 { return .unknown("the answer is not JSON: \(error)") }
    }
    switch status {
    case 400, 415, 422: return .refused("the venue cannot read the request (HTTP \(status))")
    default: return .unknown("HTTP \(status)")
    }
  }

  private static func accepted(_ value: JSONValue) -> ExchangeAnswer {
    guard value["status"] == .text("ok"), let response = value["response"] else {
      return .unknown("the answer has no status")
    }
    if response["type"] == .text("default") { return .done }
    guard let statuses = response["data"]?["statuses"], statuses != .array([]) else {
      return .unknown("the answer has no statuses")
    }
    do throws(PayloadProblem) {
      let words = try Payload(statuses).each { row throws(PayloadProblem) in
        try OrderStatusWord(row.value)
      }
      return words.contains(where: \.isDuplicateNonce) ? .duplicateNonce : .statuses(words)
    } catch {
      return .unknown("the answer is unreadable: statuses\(error)")
    }
  }

  private static func refusal(_ reason: String) -> ExchangeAnswer {
    if isDuplicateNonce(reason) { return .duplicateNonce }
    let prefix = "l1 error: "
    let bare =
      reason.lowercased().hasPrefix(prefix) ? String(reason.dropFirst(prefix.count)) : reason
    return .refused(Excerpt.of(bare, atMost: 300))
  }

  fileprivate static func isDuplicateNonce(_ reason: String) -> Bool {
    reason.lowercased().contains("duplicate nonce")
  }
}

extension OrderStatusWord {
  fileprivate var isDuplicateNonce: Bool {
    switch self {
    case .error(let reason): ExchangeAnswer.isDuplicateNonce(reason)
    case .filled, .resting, .waiting, .success: false
    }
  }
}
