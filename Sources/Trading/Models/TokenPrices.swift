/// What a model call consumed.
package struct TokenUsage: Sendable, Hashable {
  /// Tokens of the question, cached ones included.
  package let prompt: Int
  /// Tokens of the question that the provider had cached, at most ``prompt``.
  package let cachedPrompt: Int
  /// Tokens of the answer, reasoning included.
  package let completion: Int
  /// Whether we counted because the provider did not say.
  package let isEstimated: Bool

  /// A usage from its parts; negative counts become zero.
  package init(prompt: Int, cachedPrompt: Int = 0, completion: Int, isEstimated: Bool) {
    self.prompt = max(0, prompt)
    self.cachedPrompt = min(max(0, cachedPrompt), max(0, prompt))
    self.completion = max(0, completion)
    self.isEstimated = isEstimated
  }

  /// Tokens of question and answer.
  package var total: Int { prompt + completion }
}

/// What a model costs, in USD per million tokens.
package struct TokenPrices: Sendable, Hashable {
  /// Of a question.
  package let input: USD
  /// Of an answer.
  package let output: USD
  /// Of the part of a question that the provider had cached.
  package let cachedInput: USD

  /// Prices from their parts, none below zero.
  package init(input: USD, output: USD, cachedInput: USD) {
    self.input = input
    self.output = output
    self.cachedInput = cachedInput
  }

  /// Costs nothing.
  package static let free = TokenPrices(input: .zero, output: .zero, cachedInput: .zero)

  /// The cost of a usage, USD, rounded up to 1e-8.
  package func cost(of usage: TokenUsage) -> USD {
    Self.share(usage.prompt - usage.cachedPrompt, of: input)
      + Self.share(usage.cachedPrompt, of: cachedInput)
      + Self.share(usage.completion, of: output)
  }

  private static func share(_ tokens: Int, of perMillion: USD) -> USD {
    USD(
      mantissa: ExactMath.scale(
        perMillion.mantissa, by: Int64(tokens), over: 1_000_000, .ceiling))
  }
}
