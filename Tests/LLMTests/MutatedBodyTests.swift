import LLM
import Testing
import Trading
import Wire

/// Bodies that were cut, flipped and doubled on their way.
@Suite struct MutatedBodyTests {
  @Test(arguments: AnswerTests.cases) func endsInAnAnswerOrAFailure(
    original: AnswerTests.Case
  ) async throws {
    for seed in UInt64(0)..<300 {
      var generator = SeededGenerator(seed: seed)
      var body = Array(original.body.utf8)
      for _ in 0...generator.below(4) {
        let place = generator.below(body.count)
        switch generator.below(4) {
        case 0: body[place] = UInt8(generator.below(256))
        case 1: body.remove(at: place)
        case 2: body.insert(contentsOf: body[place...].prefix(generator.below(40)), at: place)
        default: body.removeSubrange(max(1, body.count - generator.below(20))...)
        }
      }
      let (answer, status) = (body, generator.below(4) == 0 ? 500 : 200)
      let asked = try model(
        spec(original.api, form: original.form),
        FakeTransport { _ in HTTPResponse(status: status, headers: [], body: answer) })

      switch await result(of: asked) {
      case .success(let completion):
        #expect(!completion.text.isEmpty && completion.usage.total >= 0, "seed \(seed)")
      case .failure(let failure):
        let kinds: [ModelFailure.Kind] = [.badAnswer, .truncated, .unavailable]
        #expect(kinds.contains(failure.kind), "seed \(seed): \(failure)")
        #expect(failure.message.unicodeScalars.count < 600, "seed \(seed)")
        #expect(status == 500 || failure.usage != nil, "seed \(seed): \(failure)")
      }
    }
  }
}
