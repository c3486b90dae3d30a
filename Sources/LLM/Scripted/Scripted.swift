import Synchronization
import Trading

extension ModelProvider {
  /// Replies from a file; see ``Script`` for its format.
  package static let scripted = ModelProvider(api: .scripted) {
    (spec, ports) throws(ModelSetupError) in
    let bytes: [UInt8]
    do {
      bytes = try ports.read(spec.baseURL)
    } catch {
      throw ModelSetupError(
        model: spec.alias,
        problem: "expected base_url to be the path of a script, cannot read "
          + "\(spec.baseURL): \(error)")
    }
    let script: Script
    do throws(ScriptProblem) {
      script = try Script(bytes, named: spec.baseURL)
    } catch {
      throw ModelSetupError(model: spec.alias, problem: error.description)
    }
    return ScriptedModel(spec, script: script, sleep: ports.sleep)
  }
}

/// A model that answers from a script, for trying the arena without a network.
final class ScriptedModel: LanguageModel {
  let spec: ModelSpec
  private let script: Script
  private let sleep: @Sendable (Duration) async throws -> Void
  private let uses: Mutex<[Int]>

  init(
    _ spec: ModelSpec, script: Script, sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.spec = spec
    self.script = script
    self.sleep = sleep
    uses = Mutex(Array(repeating: 0, count: script.entries.count))
  }

  func complete(
    _ question: ModelQuestion, within limit: Duration
  ) async throws(ModelFailure) -> Completion {
    guard let reply = uses.withLock({ script.reply(to: question, model: spec.alias, uses: &$0) })
    else {
      throw failure(
        .badRequest,
        "no entry of \(script.name) answers this question; add one without \"when\" at its end")
    }
    let unknown = TokenEstimate.usage(of: question, on: spec)
    let wait = reply.hangs ? limit : min(reply.delay, limit)
    do {
      if wait > .zero { try await sleep(wait) }
    } catch {
      throw failure(.cancelled, "cancelled", usage: reply.usage ?? unknown)
    }
    guard !Task.isCancelled else { throw failure(.cancelled, "cancelled", usage: unknown) }
    guard !reply.hangs, reply.delay < limit || reply.delay == .zero else {
      throw failure(.timedOut, "no answer within \(limit)", usage: reply.usage ?? unknown)
    }
    if let kind = reply.failure {
      throw failure(kind, reply.message, retryAfter: reply.retryAfter, usage: reply.usage)
    }
    return Completion(
      text: reply.text, reasoning: reply.reasoning,
      usage: reply.usage
        ?? TokenEstimate.usage(
          of: question, answer: reply.text, reasoning: reply.reasoning, on: spec),
      answeredBy: spec.modelName, finishReason: "stop")
  }

  private func failure(
    _ kind: ModelFailure.Kind, _ problem: String, retryAfter: Duration? = nil,
    usage: TokenUsage? = nil
  ) -> ModelFailure {
    ModelFailure(kind, "\(spec.alias): \(problem)", retryAfter: retryAfter, usage: usage)
  }
}
