import LLM
import Synchronization
import Trading
import Wire

/// What was answered in one cycle, to be answered again when it is run anew.
final class AnswerTape: Sendable {
  private struct Contents {
    var completions: [String: [Result<Completion, ModelFailure>]] = [:]
    var responses: [String: [Result<HTTPResponse, WireError>]] = [:]
  }

  private let contents = Mutex(Contents())

  /// Forgets all.
  func clear() { contents.withLock { $0 = Contents() } }

  /// Adds the answer of a model.
  func add(_ result: Result<Completion, ModelFailure>, to digest: String) {
    contents.withLock { $0.completions[digest, default: []].append(result) }
  }

  /// Adds the answer of a server.
  func add(_ result: Result<HTTPResponse, WireError>, to digest: String) {
    contents.withLock { $0.responses[digest, default: []].append(result) }
  }

  /// The next answer of a model; `nil` = it was not asked that.
  func completion(to digest: String) -> Result<Completion, ModelFailure>? {
    contents.withLock { $0.completions[digest]?.takeFirst() }
  }

  /// The next answer of a server; `nil` = it was not asked that.
  func response(to digest: String) -> Result<HTTPResponse, WireError>? {
    contents.withLock { $0.responses[digest]?.takeFirst() }
  }
}

extension Array {
  /// Takes the first element out, if there is one; the last one stays.
  fileprivate mutating func takeFirst() -> Element? {
    count > 1 ? removeFirst() : first
  }
}

/// A model whose answers are put on a tape, or come from it.
struct TapedModel: LanguageModel {
  let model: any LanguageModel
  let tape: AnswerTape
  let plays: Bool

  var spec: ModelSpec { model.spec }

  func complete(
    _ question: ModelQuestion, within limit: Duration
  ) async throws(ModelFailure) -> Completion {
    let digest = SHA256Digest.hex(of: question.identity(on: spec))
    if plays {
      guard let known = tape.completion(to: digest) else {
        throw ModelFailure(.badRequest, "\(spec.alias): asked otherwise", isLasting: true)
      }
      return try known.get()
    }
    do throws(ModelFailure) {
      let completion = try await model.complete(question, within: limit)
      tape.add(.success(completion), to: digest)
      return completion
    } catch {
      tape.add(.failure(error), to: digest)
      throw error
    }
  }
}

/// A network whose answers are put on a tape, or come from it.
struct TapedTransport: HTTPTransport {
  let transport: any HTTPTransport
  let tape: AnswerTape
  let plays: Bool

  func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    let digest = SHA256Digest.hex(of: request.body)
    if plays {
      guard let known = tape.response(to: digest) else { throw .cassette("asked otherwise") }
      return try known.get()
    }
    do throws(WireError) {
      let response = try await transport.send(request)
      tape.add(.success(response), to: digest)
      return response
    } catch {
      tape.add(.failure(error), to: digest)
      throw error
    }
  }
}

extension OutsideAccess {
  /// The same, whose answers are put on a tape.
  func recorded(on tape: AnswerTape) -> OutsideAccess { taped(tape, plays: false) }

  /// The same, whose answers come from a tape.
  func played(from tape: AnswerTape) -> OutsideAccess { taped(tape, plays: true) }

  private func taped(_ tape: AnswerTape, plays: Bool) -> OutsideAccess {
    replacing(
      models: models.mapValues { TapedModel(model: $0, tape: tape, plays: plays) },
      transport: TapedTransport(transport: transport, tape: tape, plays: plays))
  }
}
