package import Trading

/// A model that can be asked: behind a provider's address, or scripted for tests.
package protocol LanguageModel: Sendable {
  /// What is configured of it.
  var spec: ModelSpec { get }

  /// Asks once, without repeating; cancelling the task ends the transfer.
  ///
  /// - Parameters:
  ///   - question: What to ask.
  ///   - limit: Time for the whole exchange, above zero.
  /// - Returns: A complete answer with text.
  /// - Throws: Why there is none; its `usage` tells what was consumed all the same.
  func complete(
    _ question: ModelQuestion, within limit: Duration
  ) async throws(ModelFailure) -> Completion
}

/// How strictly a model can be held to a form of answer, the strictest first.
package enum StructuredOutput: String, Sendable, CaseIterable {
  /// The provider enforces a JSON Schema.
  case jsonSchema = "json_schema"
  /// The answer is the argument of a tool with a JSON Schema.
  case tool
  /// The provider enforces that it is a JSON object.
  case jsonObject = "json_object"
  /// Free text.
  case text
}

/// The wire format a model speaks.
package enum ModelAPI: String, Sendable, CaseIterable {
  /// Chat completions as OpenAI defined them.
  case openai
  /// Anthropic messages.
  case anthropic
  /// Replies from a file, without a network.
  case scripted
}

/// Which traders a model is for when two are configured.
package enum ModelTier: String, Sendable, CaseIterable {
  /// For quiet times.
  case cheap
  /// For when it matters.
  case strong
}

/// One model as configured, its secret resolved.
package struct ModelSpec: Sendable, Equatable {
  /// The name traders use.
  package let alias: ModelAlias
  /// The wire format.
  package let api: ModelAPI
  /// The provider's address without the final path, for example `https://api.openai.com/v1`; the
  /// path of the script for a scripted model.
  package let baseURL: String
  /// The key, sent as the API demands; `nil` = none is sent.
  package let apiKey: APIKey?
  /// The provider's name of the model.
  package let modelName: String
  /// How freely it words its answer; `nil` = the provider's default.
  package let temperature: Double?
  /// The share of likely words it chooses from; `nil` = the provider's default.
  package let topP: Double?
  /// Tokens an answer may have, reasoning included, at least 1.
  package let maxCompletionTokens: Int
  /// Tokens question and answer may have together; `nil` = not known.
  package let contextTokens: Int?
  /// The strictest form of answer it supports.
  package let structured: StructuredOutput
  /// What it costs; `nil` = not known, then nothing is booked but tokens.
  package let prices: TokenPrices?
  /// Requests at the same time, at least 1; `nil` = no limit.
  package let maxConcurrency: Int?
  /// Requests within a minute, at least 1; `nil` = no limit.
  package let requestsPerMinute: Int?
  /// The model asked when this one fails; `nil` = none.
  package let fallback: ModelAlias?
  /// What it is for; `nil` = not said.
  package let tier: ModelTier?

  /// A model from its parts.
  package init(
    alias: ModelAlias, api: ModelAPI, baseURL: String, apiKey: APIKey?, modelName: String,
    temperature: Double?, topP: Double?, maxCompletionTokens: Int, contextTokens: Int?,
    structured: StructuredOutput, prices: TokenPrices?, maxConcurrency: Int?,
    requestsPerMinute: Int?, fallback: ModelAlias?, tier: ModelTier?
  ) {
    self.alias = alias
    self.api = api
    self.baseURL = baseURL
    self.apiKey = apiKey
    self.modelName = modelName
    self.temperature = temperature
    self.topP = topP
    self.maxCompletionTokens = maxCompletionTokens
    self.contextTokens = contextTokens
    self.structured = structured
    self.prices = prices
    self.maxConcurrency = maxConcurrency
    self.requestsPerMinute = requestsPerMinute
    self.fallback = fallback
    self.tier = tier
  }
}

/// A key that never shows itself.
package struct APIKey: Sendable, Hashable, CustomStringConvertible,
  CustomDebugStringConvertible, CustomReflectable
{
  /// The key itself, for the header that carries it and nothing else.
  let secret: String

  /// A key, not empty.
  package init(_ secret: String) { self.secret = secret }

  /// Stars.
  package var description: String { "***" }

  /// Stars.
  package var debugDescription: String { "***" }

  /// Nothing: reflection must not show it either.
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What a model is asked.
package struct ModelQuestion: Sendable, Hashable {
  /// The messages, a system message first if there is one.
  package let messages: [ChatMessage]
  /// The form of the answer; models that cannot be held to it get it in words by the prompt.
  package let schema: AnswerSchema?

  /// A question from its parts.
  package init(messages: [ChatMessage], schema: AnswerSchema?) {
    self.messages = messages
    self.schema = schema
  }
}

/// Who speaks.
package enum ChatRole: String, Sendable, CaseIterable {
  /// Who sets the rules.
  case system
  /// Who asks.
  case user
  /// The model.
  case assistant
}

/// One message of a conversation.
package struct ChatMessage: Sendable, Hashable {
  /// Who speaks.
  package let role: ChatRole
  /// What is said.
  package let text: String

  /// A message from its parts.
  package init(_ role: ChatRole, _ text: String) {
    self.role = role
    self.text = text
  }
}

/// The form an answer must have.
package struct AnswerSchema: Sendable, Hashable {
  /// Its name: letters, digits, `_` and `-`.
  package let name: String
  /// What it is, in a sentence.
  package let summary: String
  /// The JSON Schema; an object at its root.
  package let schema: JSONValue
  /// The schema as JSON, written once because estimate and identity need it.
  let bytes: [UInt8]

  /// A schema from its parts.
  package init(name: String, summary: String, schema: JSONValue) {
    self.name = name
    self.summary = summary
    self.schema = schema
    bytes = schema.bytes
  }
}

/// A complete answer.
package struct Completion: Sendable, Hashable {
  /// The text, or the arguments of the tool call as JSON; never empty.
  package let text: String
  /// How the model reasoned, when it said; empty when not.
  package let reasoning: String
  /// What it consumed, as reported, else as counted by us.
  package let usage: TokenUsage
  /// The provider's name of the model that answered.
  package let answeredBy: String
  /// Why it stopped, in the provider's word, for example `stop`; empty when it did not say.
  package let finishReason: String

  /// An answer from its parts.
  package init(
    text: String, reasoning: String, usage: TokenUsage, answeredBy: String, finishReason: String
  ) {
    self.text = text
    self.reasoning = reasoning
    self.usage = usage
    self.answeredBy = answeredBy
    self.finishReason = finishReason
  }
}

/// Why a model gave no answer.
package struct ModelFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it is.
  package let kind: Kind
  /// What happened and what to do, in words; never a secret.
  package let message: String
  /// What the provider asked to wait before the next try; `nil` = it did not say.
  package let retryAfter: Duration?
  /// What was consumed although no answer came; `nil` = nothing can have been.
  package let usage: TokenUsage?
  /// Whether asking again soon is useless whatever the kind: no money left, a certificate refused.
  package let isLasting: Bool

  /// Kinds of failures.
  package enum Kind: String, Sendable, CaseIterable {
    /// The key is missing, wrong, or may not use the model.
    case refused
    /// Too many requests, or the account has no money left.
    case rateLimited = "rate_limited"
    /// The provider is at fault or overloaded.
    case unavailable
    /// The request is wrong: unknown model, too long, unsupported option.
    case badRequest = "bad_request"
    /// Not reached, or the connection broke.
    case network
    /// Not within its time.
    case timedOut = "timed_out"
    /// The provider's answer is not one: HTML, truncated, empty, filtered.
    case badAnswer = "bad_answer"
    /// The answer ended at the limit of tokens.
    case truncated
    /// The task was cancelled.
    case cancelled
  }

  /// A failure from its parts.
  package init(
    _ kind: Kind, _ message: String, retryAfter: Duration? = nil, usage: TokenUsage? = nil,
    isLasting: Bool = false
  ) {
    self.kind = kind
    self.message = message
    self.retryAfter = retryAfter
    self.usage = usage
    self.isLasting = isLasting
  }

  /// The message.
  package var description: String { message }

  /// Whether the same question may be asked again: 408, 429, 5xx and broken connections that do
  /// not last.
  package var isRetryable: Bool {
    switch kind {
    case .rateLimited, .unavailable, .network: !isLasting
    case .refused, .badRequest, .timedOut, .badAnswer, .truncated, .cancelled: false
    }
  }
}
