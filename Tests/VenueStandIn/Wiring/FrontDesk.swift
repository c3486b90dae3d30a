import Synchronization
import Trading

/// Between the wire and the books: routes requests and lets faults happen.
final class FrontDesk: Sendable {
  private weak let server: VenueServer?

  init(_ server: VenueServer) { self.server = server }

  /// Answers a request on the thread of its connection.
  func answer(_ request: HTTPRequestBytes, pause: (Duration) -> Void) -> Delivery {
    guard let server else { return Delivery(ending: .reset) }
    // Strict reading comes later; here only the type is of interest.
    let body = try? JSONReader.value(of: request.body)
    let type =
      (request.path == "/exchange" ? body?["action"]?["type"]?.text : body?["type"]?.text) ?? ""
    let fault = server.state.withLock { $0.faults.next(path: request.path, type: type) }
    if case .latency(let before, _)? = fault { pause(before) }
    return server.state.withLock { state in
      state.settle()
      let answer = state.respond(to: request, body: body, type: type, fault: fault)
      return Self.deliver(answer, fault, date: state.clock.now + state.clock.dateSkew)
    }
  }

  private static func deliver(
    _ answer: VenueAnswer, _ fault: VenueFault?, date: Timestamp
  ) -> Delivery {
    var delivery = Delivery.answer(answer, date: date)
    switch fault {
    case nil, .book, .bareStrings, .batchError, .duplicateNonce, .refused, .agentRevoked: break
    case .latency(_, let after): delivery.delay = after
    case .answerLost: delivery = Delivery(ending: .closed)
    case .resetBefore, .resetAfter: delivery = Delivery(ending: .reset)
    case .rateLimited: delivery = .answer(.rateLimited, date: date)
    case .serverErrorBefore(let status), .serverErrorAfter(let status):
      delivery = .answer(.page(status), date: date)
    case .truncated:
      let head = Delivery.head(answer, date: date)
      delivery = Delivery(
        bytes: head + answer.body.prefix(answer.body.count / 2), ending: .closed)
    case .malformed:
      var broken = answer
      broken.body = Array("{\"status\":\"ok\",\"response\":{\"type\":".utf8)
      delivery = .answer(broken, date: date)
    case .emptyBody:
      var empty = answer
      empty.body = []
      delivery = .answer(empty, date: date)
    case .silentBefore, .silentAfter: delivery = Delivery(ending: .silent)
    }
    return delivery
  }
}

extension VenueState {
  /// What the venue answers when the wire is fine.
  mutating func respond(
    to request: HTTPRequestBytes, body: JSONValue?, type: String, fault: VenueFault?
  ) -> VenueAnswer {
    switch (request.method, request.path) {
    case ("POST", "/exchange"): exchange(request, body: body, type: type, fault: fault)
    case ("POST", "/info"): info(request, body: body, type: type, fault: fault)
    default: VenueAnswer(status: 404, text: "Not Found")
    }
  }

  private mutating func exchange(
    _ request: HTTPRequestBytes, body: JSONValue?, type: String, fault: VenueFault?
  ) -> VenueAnswer {
    let now = clock.now
    var outcome = ExchangeOutcome(answer: .unreadable, outcome: .unseen)
    let count = body?["action"].map { Self.count(of: $0) } ?? 1
    if !log.spend(1 + count / 40, at: now) {
      outcome.answer = .rateLimited
    } else if request.headers["content-type"]?.hasPrefix("application/json") != true {
      outcome.answer = VenueAnswer(
        status: 415, text: "Expected request with `Content-Type: application/json`")
      outcome.outcome = .unreadable("expected a content type")
    } else if let body {
      switch fault {
      case .batchError(let text)?:
        outcome.answer = VenueAnswer(
          members([
            "status": .text("ok"), "response": Self.statuses("order", [Self.error(text)]),
          ]))
      case .refused(let text)?: outcome.answer = .refused(text)
      case let fault where fault?.isProcessed ?? true:
        outcome = exchange(body, fault: fault)
      default: break
      }
    } else {
      outcome.answer = VenueAnswer(
        status: 400, text: "Failed to parse the request body as JSON")
      outcome.outcome = .unreadable("expected JSON")
    }
    var nonce: UInt64?
    if case .number(let digits)? = body?["nonce"] { nonce = UInt64(digits) }
    log.actions.append(
      ReceivedAction(
        number: log.actions.count, at: now, type: type, body: request.body,
        action: body?["action"] ?? .null, nonce: nonce, signer: outcome.signer,
        account: outcome.account, outcome: outcome.outcome, fault: fault))
    return outcome.answer
  }

  private mutating func info(
    _ request: HTTPRequestBytes, body: JSONValue?, type: String, fault: VenueFault?
  ) -> VenueAnswer {
    var answer = VenueAnswer.unreadable
    var weight = 20
    if fault?.isProcessed ?? true, let body, let question = InfoQuestion(body),
      let value = info(question)
    {
      answer = VenueAnswer(value)
      weight = question.weight(of: value)
    }
    if !log.spend(weight, at: clock.now) { answer = .rateLimited }
    log.questions.append(
      ReceivedQuestion(
        at: clock.now, type: type, body: String(decoding: request.body, as: UTF8.self),
        weight: weight, status: fault?.status ?? answer.status))
    return answer
  }
}
