import LLM
import Trading
import Wire

/// A model that answers what was answered before, and asks only when it may.
struct BookedModel: LanguageModel {
  private let model: any LanguageModel
  private let book: AnswerBook
  private let asks: Bool
  private let keeper: AnswerKeeper?

  /// A model behind a book; it is asked what is not in it when `asks`.
  init(_ model: any LanguageModel, book: AnswerBook, asks: Bool, keeper: AnswerKeeper?) {
    self.model = model
    self.book = book
    self.asks = asks
    self.keeper = keeper
  }

  var spec: ModelSpec { model.spec }

  func complete(
    _ question: ModelQuestion, within limit: Duration
  ) async throws(ModelFailure) -> Completion {
    let digest = SHA256Digest.hex(of: question.identity(on: spec))
    if let known = book.answer(to: digest) { return completion(known, of: question) }
    guard asks else {
      // No failure: a trader is not to be isolated because nobody wrote its answers down.
      return completion(
        AnswerBook.Answer(answeredBy: "nobody", reply: AnswerBook.missing, reasoning: ""),
        of: question)
    }
    let completion = try await model.complete(question, within: limit)
    let answer = AnswerBook.Answer(
      answeredBy: completion.answeredBy, reply: completion.text,
      reasoning: completion.reasoning)
    book.add(answer, to: digest)
    keeper?.keep(answer, to: digest)
    return completion
  }

  private func completion(
    _ answer: AnswerBook.Answer, of question: ModelQuestion
  ) -> Completion {
    Completion(
      text: answer.reply, reasoning: answer.reasoning,
      usage: TokenEstimate.usage(
        of: question, answer: answer.reply, reasoning: answer.reasoning, on: spec),
      answeredBy: answer.answeredBy, finishReason: "stop")
  }
}

/// Servers that answer what they answered before, and are asked only when they may be.
struct BookedTransport: HTTPTransport {
  private let transport: any HTTPTransport
  private let book: AnswerBook
  private let asks: Bool
  private let keeper: AnswerKeeper?

  /// A network behind a book; it is used for what is not in it when `asks`.
  init(_ transport: any HTTPTransport, book: AnswerBook, asks: Bool, keeper: AnswerKeeper?) {
    self.transport = transport
    self.book = book
    self.asks = asks
    self.keeper = keeper
  }

  func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    let digest = SHA256Digest.hex(of: request.body)
    if let known = book.answer(to: digest) {
      return HTTPResponse(status: 200, headers: [], body: Array(known.reply.utf8))
    }
    guard asks else {
      return HTTPResponse(status: 200, headers: [], body: Array(AnswerBook.missing.utf8))
    }
    let response = try await transport.send(request)
    if (200..<300).contains(response.status),
      let reply = String(validating: response.body, as: UTF8.self)
    {
      let answer = AnswerBook.Answer(answeredBy: request.url, reply: reply, reasoning: "")
      book.add(answer, to: digest)
      keeper?.keep(answer, to: digest)
    }
    return response
  }
}
