import Executor
import LLM
import Trading

/// A question to a model on behalf of one trader.
struct ModelTurn: Sendable {
  /// What the trader may know.
  let context: ExecutorContext
  /// The model that is asked first.
  let model: ModelAlias
  /// Both messages and the form of the answer.
  let question: ModelQuestion
  /// SHA-256 of all that decides the answer.
  let questionDigest: String
  /// The version that the user message's template states.
  let promptVersion: String
  /// SHA-256 of both templates.
  let templateDigest: String
  /// The form of the answer in words, for a second try.
  let formInWords: String
  /// How often it is asked, at least 1.
  let replicas: Int

  /// What was said, with an answer.
  func conversation(
    answeredBy: String, reply: String, reasoning: String, isCached: Bool, repairs: [String]
  ) -> Conversation {
    Conversation(
      answeredBy: answeredBy, system: message(.system), user: message(.user), reply: reply,
      reasoning: reasoning, promptVersion: promptVersion, templateDigest: templateDigest,
      questionDigest: questionDigest, isCached: isCached, repairs: repairs)
  }

  /// The outcome when there is no answer.
  func failed(_ failure: TurnFailure) -> TurnOutcome {
    TurnOutcome(
      result: .failure(failure),
      conversation: conversation(
        answeredBy: model.name, reply: "", reasoning: "", isCached: false, repairs: []))
  }

  /// The outcome of an answer that was given before or to another trader.
  func reusing(_ reply: String, _ reasoning: String, by model: String) -> TurnOutcome {
    let reading = ReplyReader.read(reply, coins: context.trader.coins)
    return TurnOutcome(
      result: reading.result,
      conversation: conversation(
        answeredBy: model, reply: reply, reasoning: reasoning, isCached: true,
        repairs: reading.notes))
  }

  /// The question once more, after an answer that could not be read.
  func again(after reply: String, problems: [String]) -> ModelQuestion {
    let list = problems.map { "- \($0)\n" }.joined()
    let demand =
      "That answer cannot be used:\n\(list)\nAnswer again, with the JSON document only.\n"
      + formInWords
    return ModelQuestion(
      messages: question.messages + [
        ChatMessage(.assistant, String(reply.prefix(Self.quotedCharacters))),
        ChatMessage(.user, demand),
      ], schema: question.schema)
  }

  /// Characters of an unreadable answer that are sent back.
  private static let quotedCharacters = 4000

  private func message(_ role: ChatRole) -> String {
    question.messages.first { $0.role == role }?.text ?? ""
  }
}

/// How one trader's model turn goes on once it is prepared.
enum ModelPlan: Sendable {
  /// It is over without a call.
  case done(TurnOutcome)
  /// The model is asked, on these reservations: the decision's first, then the replicas'.
  case ask(ModelTurn, calls: [CallNumber])
  /// Another trader, at this index, asks exactly the same; its answer counts for both.
  case share(ModelTurn, with: Int)
}
