import Trading

/// Writes the bodies of answers and errors.
enum AnswerBody {
  /// What is needed besides a reply.
  struct Setting {
    let format: ModelFormat
    let question: Question
    /// The number of the request, which makes ids.
    let number: Int
  }

  /// The text of a reply.
  static func text(of reply: Reply, in setting: Setting) -> String {
    switch reply.content {
    case .text(let text): text
    case .decision(let wish): DecisionText.text(wish, answering: setting.question.text)
    }
  }

  /// A good answer.
  static func answer(
    _ reply: Reply, text: String, usage: TokenUsage, in setting: Setting
  ) -> [UInt8] {
    let reported: TokenUsage? = reply.usage == .missing ? nil : usage
    let usesTool =
      reply.toolUse == .whenOffered && !setting.question.tool.isEmpty && reply.finish == .stop
    return switch setting.format {
    case .decision: Array(text.utf8)
    case .chat:
      chat(reply, text: text, usage: reported, usesTool: usesTool, in: setting).bytes
    case .messages:
      messages(reply, text: text, usage: reported, usesTool: usesTool, in: setting).bytes
    }
  }

  /// An error.
  static func failure(status: Int, message: String, in format: ModelFormat?) -> [UInt8] {
    let kind = kind(of: status)
    let value: JSONValue =
      switch format {
      case .messages:
        object([
          ("type", .text("error")),
          ("error", object([("type", .text(kind)), ("message", .text(message))])),
        ])
      case .decision: object([("error", .text(message))])
      case .chat, nil:
        object([
          (
            "error",
            object([
              ("message", .text(message)), ("type", .text(kind)), ("param", .null),
              ("code", .text(kind)),
            ])
          )
        ])
      }
    return value.bytes
  }

  /// An HTML page, as proxies show it.
  static func page(status: Int) -> [UInt8] {
    Array(
      """
      <!DOCTYPE html>
      <html><head><title>\(status) \(HTTPAnswer.reason(status))</title></head>
      <body><center><h1>\(status) \(HTTPAnswer.reason(status))</h1></center><hr>
      <center>nginx/1.25.3</center></body></html>

      """.utf8)
  }

  private static func kind(of status: Int) -> String {
    switch status {
    case 401: "authentication_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 429: "rate_limit_error"
    case 529: "overloaded_error"
    case 500...: "api_error"
    default: "invalid_request_error"
    }
  }

  private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
    .object(members.map { JSONMember($0.0, $0.1) })
  }
}

// MARK: OpenAI

extension AnswerBody {
  private static func chat(
    _ reply: Reply, text: String, usage: TokenUsage?, usesTool: Bool, in setting: Setting
  ) -> JSONValue {
    let isRefusal = reply.finish == .refusal
    var message: [(String, JSONValue)] = [
      ("role", .text("assistant")),
      ("content", isRefusal || usesTool ? .null : .text(text)),
      ("refusal", isRefusal ? .text(text) : .null),
    ]
    if !reply.reasoning.isEmpty { message.append(("reasoning_content", .text(reply.reasoning))) }
    if usesTool {
      let function = object([("name", .text(setting.question.tool)), ("arguments", .text(text))])
      let call = object([
        ("id", .text("call_\(setting.number)")), ("type", .text("function")),
        ("function", function),
      ])
      message.append(("tool_calls", .array([call])))
    }
    let choice = object([
      ("index", .number(0)), ("message", object(message)),
      ("finish_reason", .text(chatFinish(reply.finish, usesTool: usesTool))),
    ])
    var answer: [(String, JSONValue)] = [
      ("id", .text("chatcmpl-\(setting.number)")), ("object", .text("chat.completion")),
      ("created", .number(1_735_689_600)), ("model", .text(setting.question.model)),
      ("choices", .array([choice])),
    ]
    if let usage { answer.append(("usage", chatUsage(usage))) }
    return object(answer)
  }

  private static func chatFinish(_ finish: Reply.Finish, usesTool: Bool) -> String {
    switch finish {
    case .stop: usesTool ? "tool_calls" : "stop"
    case .length: "length"
    case .contentFilter: "content_filter"
    case .refusal: "stop"
    }
  }

  private static func chatUsage(_ usage: TokenUsage) -> JSONValue {
    object([
      ("prompt_tokens", .number(usage.prompt)), ("completion_tokens", .number(usage.completion)),
      ("total_tokens", .number(usage.total)),
      ("prompt_tokens_details", object([("cached_tokens", .number(usage.cachedPrompt))])),
    ])
  }
}

// MARK: Anthropic

extension AnswerBody {
  private static func messages(
    _ reply: Reply, text: String, usage: TokenUsage?, usesTool: Bool, in setting: Setting
  ) -> JSONValue {
    var blocks: [JSONValue] = []
    if !reply.reasoning.isEmpty {
      blocks.append(
        object([
          ("type", .text("thinking")), ("thinking", .text(reply.reasoning)),
          ("signature", .text("c3RhbmQtaW4=")),
        ]))
    }
    blocks.append(
      toolBlock(text, usesTool: usesTool, in: setting)
        ?? object([("type", .text("text")), ("text", .text(text))]))
    var answer: [(String, JSONValue)] = [
      ("id", .text("msg_\(setting.number)")), ("type", .text("message")),
      ("role", .text("assistant")), ("model", .text(setting.question.model)),
      ("content", .array(blocks)),
      ("stop_reason", .text(messagesFinish(reply.finish, usesTool: usesTool))),
      ("stop_sequence", .null),
    ]
    if let usage { answer.append(("usage", messagesUsage(usage))) }
    return object(answer)
  }

  /// `nil` for no tool, and for text that is not JSON: it cannot be the input of one.
  private static func toolBlock(
    _ text: String, usesTool: Bool, in setting: Setting
  ) -> JSONValue? {
    // Why it is not JSON does not matter: then it is said as text.
    guard usesTool, let input = try? JSONReader.value(of: text) else { return nil }
    return object([
      ("type", .text("tool_use")), ("id", .text("toolu_\(setting.number)")),
      ("name", .text(setting.question.tool)), ("input", input),
    ])
  }

  private static func messagesFinish(_ finish: Reply.Finish, usesTool: Bool) -> String {
    switch finish {
    case .stop: usesTool ? "tool_use" : "end_turn"
    case .length: "max_tokens"
    case .contentFilter, .refusal: "refusal"
    }
  }

  private static func messagesUsage(_ usage: TokenUsage) -> JSONValue {
    object([
      ("input_tokens", .number(usage.prompt - usage.cachedPrompt)),
      ("cache_creation_input_tokens", .number(0)),
      ("cache_read_input_tokens", .number(usage.cachedPrompt)),
      ("output_tokens", .number(usage.completion)),
    ])
  }
}
