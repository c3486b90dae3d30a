import LLM
import Testing
import Trading

@Suite struct TokenEstimateTests {
  private let prices = TokenPrices(
    input: USD(whole: 3), output: USD(whole: 15), cachedInput: USD(whole: 1))

  @Test(arguments: [("", 0), ("a", 1), ("abc", 1), ("abcd", 2), ("價格", 2), ("€€", 2)])
  func countsAThirdOfTheBytes(text: String, tokens: Int) {
    #expect(TokenEstimate.tokens(of: text) == tokens)
  }

  @Test func countsMessagesAndWhatIsSentOfTheSchema() {
    // Messages of 10 and 17 bytes: 4 + 6 + 2 × 4. Schema of 46 bytes, name 6, summary 11.
    for form in [StructuredOutput.text, .jsonObject] {
      #expect(TokenEstimate.prompt(of: question, on: spec(form: form)) == 18)
      #expect(TokenEstimate.promptBound(of: question, on: spec(form: form)) == 10 + 17 + 64)
    }
    for form in [StructuredOutput.tool, .jsonSchema] {
      #expect(TokenEstimate.prompt(of: question, on: spec(form: form)) == 18 + 21 + 64)
      #expect(
        TokenEstimate.promptBound(of: question, on: spec(form: form)) == 91 + 2 * 63 + 1024)
    }
  }

  @Test func costsTheEstimateAndTheWorst() {
    let model = spec(most: 1000, prices: prices)
    // 18 × 3e-6 + 1000 × 15e-6 = 0.015054; 91 × 3e-6 + 0.015 = 0.015273.
    #expect(
      TokenEstimate.estimate(of: question, on: model)
        == Spent(tokens: 1018, cost: USD(mantissa: 1_505_400)))
    #expect(
      TokenEstimate.worst(of: question, on: model)
        == Spent(tokens: 1091, cost: USD(mantissa: 1_527_300)))
    #expect(TokenEstimate.worst(of: question, on: spec(most: 7)).cost == .zero)
  }

  @Test func takesTheDearerPriceAsTheWorst() {
    let odd = TokenPrices(input: .zero, output: .zero, cachedInput: USD(whole: 1))
    #expect(
      TokenEstimate.worst(of: question, on: spec(prices: odd)).cost == USD(mantissa: 9100))
  }

  /// seed printed with each failure.
  @Test func neverEstimatesMoreThanTheBound() {
    for seed in UInt64(0)..<500 {
      var generator = SeededGenerator(seed: seed)
      let messages = (0..<generator.below(4)).map { _ in
        let scalars = (0..<generator.below(200)).compactMap { _ in
          Unicode.Scalar(UInt32(generator.below(0x3000)))
        }
        return ChatMessage(.user, String(String.UnicodeScalarView(scalars)))
      }
      for form in StructuredOutput.allCases {
        let asked = ModelQuestion(messages: messages, schema: decisions)
        let model = spec(form: form, prices: prices)
        let (likely, worst) = (
          TokenEstimate.estimate(of: asked, on: model), TokenEstimate.worst(of: asked, on: model)
        )
        #expect(likely.tokens <= worst.tokens && likely.cost <= worst.cost, "seed \(seed)")
      }
    }
  }

  @Test func refusesWhatDoesNotFitInWords() {
    #expect(TokenEstimate.refusal(of: question, on: spec()) == nil)
    #expect(TokenEstimate.refusal(of: question, on: spec(context: 1018)) == nil)
    #expect(
      TokenEstimate.refusal(of: question, on: spec(context: 1017))?.description
        == "the question to m takes about 18 tokens and its answer up to 1000, context_tokens in "
        + "llm.yaml allows 1017: shorten the prompt, trade fewer coins, or lower "
        + "max_completion_tokens")
  }

  @Test func identifiesAQuestionByEverythingThatShapesItsAnswer() {
    let one = question.identity(on: spec())
    let others = [
      question.identity(on: spec(.anthropic)), question.identity(on: spec(.openai, "n")),
      question.identity(on: spec(at: "https://x")), question.identity(on: spec(temperature: 1)),
      question.identity(on: spec(topP: 1)), question.identity(on: spec(most: 7)),
      question.identity(on: spec(form: .tool)),
      ModelQuestion(messages: question.messages, schema: nil).identity(on: spec()),
      ModelQuestion(messages: [], schema: decisions).identity(on: spec()),
    ]

    #expect(Set(others).count == others.count && !others.contains(one))
    #expect(question.identity(on: spec(key: "another", context: 9, prices: prices)) == one)
    #expect(!String(decoding: one, as: UTF8.self).contains(canary))
  }
}
