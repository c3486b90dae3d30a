import Trading
import Wire

extension HyperliquidInfo {
  /// Asks and reads the answer.
  func read<Value>(
    _ request: InfoRequest, _ decode: (Payload) throws(PayloadProblem) -> Value
  ) async throws(InfoError) -> Value {
    let value = try await ask(request)
    budget.charge(request.extraWeight(rows: value.elements?.count ?? 0))
    do throws(PayloadProblem) { return try decode(Payload(value)) } catch {
      throw .unreadable(request: request.name, cause: error.description)
    }
  }

  /// Asks, again where that may help, until an answer can be used or the time is over.
  private func ask(_ request: InfoRequest) async throws(InfoError) -> JSONValue {
    let start = budget.now()
    var generator = SeededGenerator(seeds: stableHash(request.name), UInt64(bitPattern: start.ms))
    var attempt = 1
    while true {
      guard await budget.spend(request.weight, within: timeLeft(since: start)) else {
        throw .overBudget(
          request: request.name,
          cause: "expected the limit of requests to admit it within \(timeout)")
      }
      let outcome = await send(request, within: min(patience, timeLeft(since: start)))
      if let value = try usable(outcome, of: request) { return value }
      let delay = policy.delay(
        afterAttempt: attempt, endingWith: outcome, of: .harmless, now: clock.ours(),
        using: &generator)
      guard let delay, delay < timeLeft(since: start), await budget.pause(delay) else {
        throw .unreachable(request: request.name, cause: Self.cause(of: outcome))
      }
      attempt += 1
    }
  }

  /// The time for one attempt: less than all, so that one that hangs leaves time for another.
  private var patience: Duration { max(.seconds(4), timeout / policy.maxAttempts) }

  private func timeLeft(since start: Timestamp) -> Duration {
    max(.milliseconds(1), timeout - .milliseconds((budget.now() - start).ms))
  }

  private func send(_ request: InfoRequest, within limit: Duration) async -> Attempt {
    let sentAt = clock.ours()
    do throws(WireError) {
      let response = try await transport.send(
        HTTPRequest(
          .post, url: baseURL + "/info", headers: [HTTPHeader("Content-Type", "application/json")],
          body: request.body, timeout: limit))
      clock.learn(from: response, sentAt: sentAt, receivedAt: clock.ours())
      guard response.isTooMany else { return .answered(response) }
      budget.penalise()
      return .answered(HTTPResponse(status: 429, headers: response.headers, body: response.body))
    } catch {
      return .failed(error)
    }
  }

  /// The value of an answer; `nil` where asking again may help.
  private func usable(
    _ outcome: Attempt, of request: InfoRequest
  ) throws(InfoError) -> JSONValue? {
    guard case .answered(let response) = outcome else { return nil }
    if response.status == 200 {
      do throws(JSONSyntaxError) { return try JSONReader.value(of: response.body) } catch {
        throw .unreadable(
          request: request.name,
          cause: "expected JSON, was \"\(Excerpt.of(response.body))\" (\(error))")
      }
    }
    if RetryPolicy.isWorthRepeating(outcome, .harmless) { return nil }
    throw .unreadable(request: request.name, cause: Self.cause(of: outcome))
  }

  private static func cause(of outcome: Attempt) -> String {
    switch outcome {
    case .failed(let error): error.description
    case .answered(let response):
      "expected HTTP 200, was \(response.status) \"\(Excerpt.of(response.body))\""
    }
  }
}

extension HTTPResponse {
  /// Whether the venue says that it was asked too often: 429, or null in place of an answer.
  var isTooMany: Bool {
    status == 429
      || status == 200 && body.count < 16 && body.filter { $0 > 0x20 } == Array("null".utf8)
  }
}
