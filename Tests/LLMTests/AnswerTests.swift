import LLM
import Testing
import Trading

/// What providers answer with status 200, in the shapes of their API references.
@Suite struct AnswerTests {
  /// A body, how strictly it was asked for, and what it means.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let api: ModelAPI
    var form = StructuredOutput.text
    let body: String
    let text: String
    var reasoning = ""
    let usage: TokenUsage
    var model = "vendor/m"
    var finish = "stop"
    var testDescription: String { name }
  }

  static func used(_ prompt: Int, _ cached: Int, _ completion: Int) -> TokenUsage {
    TokenUsage(
      prompt: prompt, cachedPrompt: cached, completion: completion, isEstimated: false)
  }

  /// 10 + 17 bytes in two messages: ⌈10/3⌉ + ⌈17/3⌉ + 2 × 4 = 18; a tool's schema has 46 bytes, its
  /// name 6 and its summary 11: ⌈63/3⌉ + 64 = 85 more.
  static func guessed(_ prompt: Int, _ completion: Int) -> TokenUsage {
    TokenUsage(prompt: prompt, completion: completion, isEstimated: true)
  }

  static let cases = [
    Case(
      name: "OpenAI", api: .openai, form: .jsonSchema,
      body: #"""
        {"id":"chatcmpl-1","object":"chat.completion","created":1741569952,
         "model":"gpt-5-2025-08-07","choices":[{"index":0,"message":{"role":"assistant",
         "content":"{\"action\":\"hold\"}","refusal":null,"annotations":[]},"logprobs":null,
         "finish_reason":"stop"}],"usage":{"prompt_tokens":19,"completion_tokens":10,
         "total_tokens":29,"prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},
         "completion_tokens_details":{"reasoning_tokens":6}},"service_tier":"default"}
        """#,
      text: #"{"action":"hold"}"#, usage: used(19, 8, 10), model: "gpt-5-2025-08-07"),
    Case(
      name: "DeepSeek with reasoning", api: .openai, form: .jsonObject,
      body: #"""
        {"model":"deepseek-reasoner","choices":[{"index":0,"finish_reason":"stop","message":
         {"role":"assistant","content":"{}","reasoning_content":"Trend is flat."}}],
         "usage":{"prompt_tokens":100,"completion_tokens":40,"total_tokens":140,
         "prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}}
        """#,
      text: "{}", reasoning: "Trend is flat.", usage: used(100, 64, 40),
      model: "deepseek-reasoner"),
    Case(
      name: "OpenRouter with reasoning", api: .openai,
      body: #"""
        {"id":"gen-1","provider":"X","model":"qwen/qwen3-max","choices":[{"logprobs":null,
         "finish_reason":"stop","native_finish_reason":"stop","message":{"content":"wait",
         "reasoning":"Hm.","reasoning_details":[]},"error":null}],
         "usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8,"cost":0.001}}
        """#,
      text: "wait", reasoning: "Hm.", usage: used(5, 0, 3), model: "qwen/qwen3-max"),
    Case(
      name: "xAI counts reasoning in the total only", api: .openai,
      body: #"""
        {"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135}}
        """#,
      text: "x", usage: used(32, 0, 103)),
    Case(
      name: "vLLM keeps thinking in the content, parts as a list", api: .openai,
      body: #"""
        {"choices":[{"message":{"content":[{"type":"text","text":"<think>a</think>"},
         {"type":"text","text":"b"}],"tool_calls":[]},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}
        """#,
      text: "<think>a</think>b", usage: used(1, 0, 1)),
    Case(
      name: "tool call, said text beside it", api: .openai, form: .tool,
      body: #"""
        {"choices":[{"message":{"role":"assistant","content":"I look.","tool_calls":[
         {"id":"c0","type":"function","function":{"name":"other","arguments":"{\"no\":1}"}},
         {"id":"c1","type":"function","function":{"name":"decide","arguments":"{\"a\":1}"}}]},
         "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":7,"completion_tokens":2}}
        """#,
      text: #"{"a":1}"#, reasoning: "I look.", usage: used(7, 0, 2), finish: "tool_calls"),
    Case(
      name: "arguments as an object, without usage and finish", api: .openai, form: .tool,
      body: #"""
        {"choices":[{"message":{"content":null,"tool_calls":[{"function":
         {"name":"decide","arguments":{"a": 1}}}]}}]}
        """#,
      text: #"{"a":1}"#, usage: guessed(103, 3), finish: ""),
    Case(
      name: "a tool was wanted, text came", api: .openai, form: .tool,
      body: #"{"choices":[{"message":{"content":"hold"},"finish_reason":"stop"}],"usage":null}"#,
      text: "hold", usage: guessed(103, 2)),
    Case(
      name: "counts that cannot be", api: .openai,
      body: #"""
        {"choices":[{"message":{"content":"hold"},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":9223372036854775807,"completion_tokens":-3}}
        """#,
      text: "hold", usage: guessed(18, 2)),
    Case(
      name: "Anthropic tool use after thinking", api: .anthropic, form: .jsonSchema,
      body: #"""
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929",
         "content":[{"type":"thinking","thinking":"Quiet.","signature":"x"},
         {"type":"text","text":"I decide."},
         {"type":"tool_use","id":"toolu_1","name":"decide","input":{"a":[1,2.50]}}],
         "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":10,
         "cache_creation_input_tokens":20,"cache_read_input_tokens":30,"output_tokens":5}}
        """#,
      text: #"{"a":[1,2.50]}"#, reasoning: "Quiet.", usage: used(60, 30, 5),
      model: "claude-sonnet-4-5-20250929", finish: "tool_use"),
    Case(
      name: "Anthropic text before the tool", api: .anthropic, form: .tool,
      body: #"""
        {"content":[{"type":"text","text":"Up."},{"type":"tool_use","name":"decide","input":{}}],
         "stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}
        """#,
      text: "{}", reasoning: "Up.", usage: used(1, 0, 2), finish: "tool_use"),
    Case(
      name: "Anthropic text without usage", api: .anthropic,
      body: #"{"content":[{"type":"text","text":"ho"},{"type":"text","text":"ld"}],"#
        + #""stop_reason":"end_turn"}"#,
      text: "hold", usage: guessed(18, 2), finish: "end_turn"),
  ]

  @Test(arguments: cases) func reads(answer: Case) async throws {
    let asked = try model(spec(answer.api, form: answer.form), FakeTransport(200, answer.body))

    let completion = try await asked.complete(question, within: .seconds(1))

    #expect(
      completion
        == Completion(
          text: answer.text, reasoning: answer.reasoning, usage: answer.usage,
          answeredBy: answer.model, finishReason: answer.finish))
  }

  @Test func takesTheKeyOutOfAnAnswerThatEchoesIt() async throws {
    let bodies: [(ModelAPI, String)] = [
      (
        .openai,
        #"{"model":"KEY","choices":[{"message":{"content":"a KEY b","reasoning":"KEY"},"#
          + #""finish_reason":"KEY"}]}"#
      ),
      (
        .anthropic,
        #"{"model":"KEY","content":[{"type":"text","text":"a KEY b"},"#
          + #"{"type":"thinking","thinking":"KEY"}],"stop_reason":"KEY"}"#
      ),
    ]
    for (api, body) in bodies {
      let echo = body.split(separator: "KEY").joined(separator: canary)
      let completion = try await model(spec(api), FakeTransport(200, echo))
        .complete(question, within: .seconds(1))
      #expect(completion.text == "a *** b" && completion.reasoning == "***")
      #expect(completion.answeredBy == "***" && completion.finishReason == "***")
    }
  }

  /// Both names are kept with every call and shown in a terminal.
  @Test func keepsNamesShortAndPlain() async throws {
    let long = "\\u001b[31m" + String(repeating: "m", count: 100_000)
    let bodies: [(ModelAPI, String)] = [
      (
        .openai,
        #"{"model":"\#(long)","choices":[{"message":{"content":"a"},"finish_reason":"\#(long)"}]}"#
      ),
      (
        .anthropic,
        #"{"model":"\#(long)","content":[{"type":"text","text":"a"}],"stop_reason":"\#(long)"}"#
      ),
    ]
    for (api, body) in bodies {
      let completion = try await model(spec(api), FakeTransport(200, body))
        .complete(question, within: .seconds(1))
      for name in [completion.answeredBy, completion.finishReason] {
        #expect(name.hasPrefix("[31mmm") && name.unicodeScalars.count == 301)
      }
    }
  }

  @Test func leavesPlaceholderKeysInAnswers() async throws {
    let body = #"{"choices":[{"message":{"content":"none is open"},"finish_reason":"stop"}]}"#
    let completion = try await model(spec(key: "none"), FakeTransport(200, body))
      .complete(question, within: .seconds(1))
    #expect(completion.text == "none is open")
  }
}
