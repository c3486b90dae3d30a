/// Makes the two messages a model is asked with.
package enum PromptRenderer {
  /// The system message from the persona and the user message from the prompt.
  ///
  /// - Parameters:
  ///   - persona: The template of the system message.
  ///   - prompt: The template of the user message.
  ///   - context: What the trader sees.
  ///   - brief: Its market snapshot worked out, shared by all traders that look at it.
  ///   - answerForm: The form the answer must have, in words; the variable `answer_form`.
  /// - Returns: Both messages, without white space at their ends.
  /// - Throws: ``PromptError`` when a message is longer than ``Prompt/maximumBytes``.
  package static func render(
    persona: PromptTemplate, prompt: PromptTemplate, context: ExecutorContext,
    brief: MarketBrief, answerForm: String
  ) throws(PromptError) -> (system: String, user: String) {
    let scene = PromptScene(context: context, brief: brief, answerForm: answerForm)
    return (try message(persona, scene), try message(prompt, scene))
  }

  /// What the two templates say twice, in words; empty when nothing.
  package static func notices(persona: PromptTemplate, prompt: PromptTemplate) -> [String] {
    PromptBlock.allCases.filter { persona.blocks.contains($0) && prompt.blocks.contains($0) }
      .map {
        "\(persona.path) and \(prompt.path) both show \($0.rawValue); "
          + "show it in one of them, tokens cost money"
      }
  }

  private static func message(
    _ template: PromptTemplate, _ scene: PromptScene
  ) throws(PromptError) -> String {
    let text = template.render(scene)
    guard text.utf8.count <= Prompt.maximumBytes else {
      throw .tooLong(path: template.path, bytes: text.utf8.count)
    }
    return text
  }
}
