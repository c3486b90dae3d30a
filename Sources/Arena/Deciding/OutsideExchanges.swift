import Executor
import LLM
import Trading
import Wire

/// How the programs and servers of the user's are reached.
extension OutsideAccess {
  /// The turn of a trader with `kind: command`, whose program may take `limitMs` milliseconds.
  func programTurn(
    _ command: CommandExecutor, _ context: ExecutorContext, withinMs limitMs: Double
  ) -> ProgramTurn {
    let passed = command.passedVariables.compactMap { name in
      environment[name].map { "\(name)=\($0)" }
    }
    let child = ChildProcess(
      command: command,
      environment: ["LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"] + passed)
    let program = command.arguments[0]
    let redaction = redaction
    return ProgramTurn(answeredBy: program, context: context) { document throws(TurnFailure) in
      do throws(ChildProcess.Failure) {
        return redaction.bytes(try await child.answer(to: document, withinMs: limitMs))
      } catch {
        throw Self.failure(error, of: program, limitMs, redaction)
      }
    }
  }

  /// The turn of a trader with `kind: http`, whose server may take `limitMs` milliseconds.
  func serverTurn(
    _ server: HTTPExecutor, _ context: ExecutorContext, withinMs limitMs: Double
  ) -> ProgramTurn {
    var headers = [
      HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", "application/json"),
    ]
    if let key = serverKeys[context.trader.id] { headers.append(key.bearer) }
    let request = HTTPRequest(
      .post, url: server.url, headers: headers,
      timeout: .milliseconds(Int64(max(1, limitMs))),
      maxResponseBytes: ChildProcess.maxOutputBytes)
    let (transport, redaction) = (transport, redaction)
    return ProgramTurn(answeredBy: server.url, context: context) { document throws(TurnFailure) in
      var request = request
      request.body = document
      let response: HTTPResponse
      do throws(WireError) {
        response = try await transport.send(request)
      } catch {
        throw TurnFailure(error, from: server.url, limitMs)
      }
      guard (200..<300).contains(response.status) else {
        throw .failed("\(server.url) answered with status \(response.status), expected 200")
      }
      // A server that sends back what it was sent must not put a key on record.
      return redaction.bytes(response.body)
    }
  }

  private static func failure(
    _ failure: ChildProcess.Failure, of program: String, _ limitMs: Double,
    _ redaction: Redaction
  ) -> TurnFailure {
    switch failure {
    case .timedOut: .timedOut(after: Span(ms: Int64(limitMs)))
    case .cancelled: .cutOff
    case .notStarted(let reason): .failed("\(program) cannot be started: \(reason)")
    case .tooMuchOutput:
      .failed("\(program) wrote more than \(ChildProcess.maxOutputBytes) bytes and was ended")
    case .ended(let how, let complaint):
      // Cut after cleaning: half a secret would not be found.
      .failed(
        "\(program) \(how)"
          + (complaint.isEmpty ? "" : ": \(redaction.text(complaint).suffix(300))"))
    }
  }
}

extension TurnFailure {
  /// The failure of an exchange with a server.
  fileprivate init(_ error: WireError, from url: String, _ limitMs: Double) {
    switch error {
    case .timedOut: self = .timedOut(after: Span(ms: Int64(limitMs)))
    case .cancelled: self = .cutOff
    case .badURL, .unreachable, .untrusted, .broken, .tooLarge, .cassette:
      self = .failed("\(url): \(error)")
    }
  }
}
