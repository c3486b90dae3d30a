import Executor
import Trading

/// The turn of a trader whose executor is a program (`kind: command`) or a server (`kind: http`)
/// of the user's: it gets the context as a document and answers with decisions.
struct ProgramTurn: Sendable {
  /// Who answers, for the record: the program's path or the server's address.
  let answeredBy: String
  /// What the trader may know.
  let context: ExecutorContext
  /// Sends the document and returns what came back; it ends soon after its task is cancelled.
  let exchange: @Sendable ([UInt8]) async throws(TurnFailure) -> [UInt8]

  /// The outcome of the turn.
  func take() async -> TurnOutcome {
    let document = ContextDocument.render(context)
    let question = String(decoding: document, as: UTF8.self)
    do throws(TurnFailure) {
      let answer = try await exchange(document)
      guard let text = String(validating: answer, as: UTF8.self) else {
        throw .unparseable("expected an answer in UTF-8")
      }
      let reading = ReplyReader.read(text, coins: context.trader.coins)
      return TurnOutcome(
        result: reading.result,
        conversation: conversation(question, text, reading.notes))
    } catch {
      return TurnOutcome(
        result: .failure(error), conversation: conversation(question, "", []))
    }
  }

  /// The outcome when only what it would be sent is of interest.
  var unasked: TurnOutcome {
    TurnOutcome(
      result: .failure(.failed("was not asked (--dump-prompt)")),
      conversation: conversation(
        String(decoding: ContextDocument.render(context), as: UTF8.self), "", []))
  }

  private func conversation(
    _ question: String, _ reply: String, _ repairs: [String]
  ) -> Conversation {
    Conversation(
      answeredBy: answeredBy, system: "", user: question, reply: reply, reasoning: "",
      promptVersion: "\(ContextDocument.version)", templateDigest: "",
      questionDigest: SHA256Digest.hex(of: Array(question.utf8)), isCached: false,
      repairs: repairs)
  }
}

extension ReplyReading {
  /// The decisions, or that there are none to be had from the reply.
  var result: Result<[Decision], TurnFailure> {
    isReadable ? .success(decisions) : .failure(.unparseable(problems.joined(separator: "; ")))
  }

  /// What was mended, and what was left out of a readable reply.
  var notes: [String] {
    repairs.map(\.description) + (isReadable ? problems.map { "left out: \($0)" } : [])
  }
}
