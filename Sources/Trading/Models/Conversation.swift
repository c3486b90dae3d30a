/// What an executor outside the program was told and what it answered.
package struct Conversation: Sendable, Hashable {
  /// Who answered: the alias of the model, or the address or program of an executor.
  package let answeredBy: String
  /// The system message; empty for executors that take none.
  package let system: String
  /// The user message, or the context document.
  package let user: String
  /// The answer as it came; empty when none did.
  package let reply: String
  /// How the model reasoned, when it said; empty when not.
  package let reasoning: String
  /// The version that the user message's template states; empty when it states none.
  package let promptVersion: String
  /// SHA-256 of the templates of both messages in hexadecimal.
  package let templateDigest: String
  /// SHA-256 of model, parameters and both messages in hexadecimal.
  package let questionDigest: String
  /// Whether an answer given earlier, or to another trader, was used again.
  package let isCached: Bool
  /// What was mended to read the answer, by name, in order.
  package let repairs: [String]

  /// A conversation from its parts.
  package init(
    answeredBy: String, system: String, user: String, reply: String, reasoning: String,
    promptVersion: String, templateDigest: String, questionDigest: String, isCached: Bool,
    repairs: [String]
  ) {
    self.answeredBy = answeredBy
    self.system = system
    self.user = user
    self.reply = reply
    self.reasoning = reasoning
    self.promptVersion = promptVersion
    self.templateDigest = templateDigest
    self.questionDigest = questionDigest
    self.isCached = isCached
    self.repairs = repairs
  }
}

/// A decision of a replica, which is kept and never executed.
package struct ShadowDecision: Sendable, Equatable {
  /// The replica, from 2; the first one trades.
  package let replica: Int
  /// Its place in the answer, from 0.
  package let index: Int
  /// What it decided.
  package let decision: Decision

  /// A shadow decision from its parts.
  package init(replica: Int, index: Int, decision: Decision) {
    self.replica = replica
    self.index = index
    self.decision = decision
  }
}
