import Trading

/// What will happen to a request.
struct Plan {
  let number: Int
  let part: String
  let steps: [WireStep]
  /// Whether the connection ends after the last step.
  let closes: Bool
  /// What to book when the first byte is sent; `nil` = nothing.
  let usage: TokenUsage?
}

/// Makes plans from requests and the script.
struct Planner {
  let log: RequestLog

  /// Whether the connection is to end before the body of a request is read, and how.
  func endingBeforeBody(of request: HTTPQuestion) -> Ending? {
    guard let part = request.part.name,
      case .drop(.beforeBody, let ending) = log.comingTurn(of: part).act
    else { return nil }
    return ending
  }

  /// Notes a request whose body is not read.
  func begin(unread request: HTTPQuestion, connection: Int) -> Plan {
    let (name, path) = request.part
    let part = name ?? ""
    let beginning = log.begin(
      request, part: part, path: path, format: ModelFormat(path: path), model: "",
      connection: connection)
    return Plan(number: beginning.number, part: part, steps: [], closes: true, usage: nil)
  }

  /// What happens to a request.
  func plan(for request: HTTPQuestion, connection: Int) -> Plan {
    let (name, path) = request.part
    let format = ModelFormat(path: path)
    let script = log.with { $0.script }
    var refusal = Self.refusal(of: request, path: path, format: format, key: script.key)
    var question = Question.unread
    if refusal == nil, let format, script.reading == .all {
      do {
        question = try format.question(of: request)
      } catch {
        refusal = error
      }
    }
    let unnamed = format == .decision ? "decision" : question.model
    let part = name ?? unnamed
    let beginning = log.begin(
      request, part: part, path: path, format: format, model: question.model,
      connection: connection)
    guard refusal == nil, let format else {
      let error = refusal ?? Refusal(status: 404, message: "there is nothing at \(path)")
      return failure(error, number: beginning.number, part: part, format: format, request)
    }
    let setting = AnswerBody.Setting(
      format: format, question: question, number: beginning.number)
    var act = Acting(request: request, setting: setting)
    act.play(beginning.turn.act)
    return Plan(
      number: beginning.number, part: part, steps: [.wait(beginning.turn.delay)] + act.steps,
      closes: act.closes, usage: act.usage)
  }

  /// What happens to bytes that are no request.
  func plan(for refusal: Refusal, connection: Int) -> Plan {
    let request = HTTPQuestion(method: "", path: "", headers: [])
    let beginning = log.begin(
      request, part: "", path: "", format: nil, model: "", connection: connection)
    let parts = HTTPAnswer.parts(
      status: refusal.status, contentType: "application/json",
      body: AnswerBody.failure(status: refusal.status, message: refusal.message, in: nil),
      keepsAlive: false)
    return Plan(
      number: beginning.number, part: "", steps: [.send(parts.head + parts.body)], closes: true,
      usage: nil)
  }

  private func failure(
    _ refusal: Refusal, number: Int, part: String, format: ModelFormat?, _ request: HTTPQuestion
  ) -> Plan {
    let parts = HTTPAnswer.parts(
      status: refusal.status, contentType: "application/json",
      body: AnswerBody.failure(status: refusal.status, message: refusal.message, in: format),
      keepsAlive: request.keepsAlive)
    return Plan(
      number: number, part: part, steps: [.send(parts.head + parts.body)],
      closes: parts.closes, usage: nil)
  }

  private static func refusal(
    of request: HTTPQuestion, path: String, format: ModelFormat?, key: String?
  ) -> Refusal? {
    guard format != nil else {
      return Refusal(status: 404, message: "there is nothing at \(path)")
    }
    guard request.method == "POST" else {
      return Refusal(status: 405, message: "expected POST, was \(request.method)")
    }
    if let key, request.header("authorization") != "Bearer \(key)",
      request.header("x-api-key") != key
    {
      return Refusal(status: 401, message: "incorrect API key")
    }
    return nil
  }
}

/// Turns an act into steps on the wire.
private struct Acting {
  let request: HTTPQuestion
  let setting: AnswerBody.Setting
  var steps: [WireStep] = []
  var closes = false
  var usage: TokenUsage?

  init(request: HTTPQuestion, setting: AnswerBody.Setting) {
    self.request = request
    self.setting = setting
  }

  mutating func play(_ act: Act) {
    switch act {
    case .answer(let reply):
      let parts = answer(reply)
      steps = [.send(parts.head + parts.body)]
    case .failure(let status, let message, let retryAfter):
      fail(status: status, message: message, headers: retryAfter.map { [HTTPAnswer.line($0)] })
    case .echoedKey:
      let key = request.header("authorization") ?? request.header("x-api-key") ?? "none"
      fail(status: 401, message: "Incorrect API key provided: \(key)", headers: nil)
    case .page(let status):
      send(status: status, type: "text/html", body: AnswerBody.page(status: status))
    case .empty(let status):
      send(status: status, type: "application/json", body: [])
    case .truncated(let reply):
      truncate(reply)
    case .trickled(let reply, let pause):
      let parts = answer(reply)
      steps = [.send(parts.head)] + parts.body.flatMap { [.wait(pause), .send([$0])] }
    case .hang:
      steps = [.hang]
    case .hangInside(let reply):
      let parts = answer(reply)
      steps = [.send(parts.head + parts.body.prefix(parts.body.count / 2)), .hang]
    case .drop(let point, let ending):
      drop(point, ending)
    case .steps(let own):
      steps = own
    }
  }

  private mutating func drop(_ point: DropPoint, _ ending: Ending) {
    switch point {
    case .beforeBody, .beforeAnswer:
      steps = [.end(ending)]
    case .afterHead, .insideBody:
      let parts = answer(Reply())
      let half = point == .afterHead ? 0 : parts.body.count / 2
      steps = [.send(parts.head + parts.body.prefix(half)), .end(ending)]
    }
  }

  private mutating func answer(_ reply: Reply) -> HTTPAnswer.Parts {
    let body = counted(reply)
    let parts = HTTPAnswer.parts(
      status: 200, contentType: reply.contentType, body: body, framing: reply.framing,
      keepsAlive: request.keepsAlive)
    closes = parts.closes
    return parts
  }

  private mutating func truncate(_ reply: Reply) {
    let body = counted(reply)
    let parts = HTTPAnswer.parts(
      status: 200, contentType: reply.contentType, body: Array(body.prefix(body.count / 2)),
      framing: reply.framing, keepsAlive: request.keepsAlive)
    closes = parts.closes
    steps = [.send(parts.head + parts.body)]
  }

  /// The body of an answer, whose usage is noted.
  private mutating func counted(_ reply: Reply) -> [UInt8] {
    let text = AnswerBody.text(of: reply, in: setting)
    let consumed =
      switch reply.usage {
      case .reported(let reported): reported
      case .counted, .missing:
        TokenUsage(
          prompt: (request.body.count + 3) / 4,
          completion: (text.utf8.count + reply.reasoning.utf8.count + 3) / 4, isEstimated: false)
      }
    usage = consumed
    return AnswerBody.answer(reply, text: text, usage: consumed, in: setting)
  }

  private mutating func fail(status: Int, message: String, headers: [String]?) {
    send(
      status: status, type: "application/json",
      body: AnswerBody.failure(status: status, message: message, in: setting.format),
      headers: headers ?? [])
  }

  private mutating func send(
    status: Int, type: String, body: [UInt8], headers: [String] = []
  ) {
    let parts = HTTPAnswer.parts(
      status: status, contentType: type, headers: headers, body: body,
      keepsAlive: request.keepsAlive)
    closes = parts.closes
    steps = [.send(parts.head + parts.body)]
  }
}
