import ArenaTesting
import Executor
import Manager
import Testing
import Trading

@Suite("A number that cannot be meant")
struct ReplyAdmissionTests {
  @Test("is refused in admission", arguments: MalformedReply.all.filter { !$0.malformed.isEmpty })
  func isRefused(reply: MalformedReply) throws {
    #expect(try rules(refusing: reply) == ["not_finite"])
  }

  @Test func isToldFromAMissingOne() throws {
    let reply = try #require(MalformedReply.all.first { $0.name == "missing_stop" })

    #expect(try rules(refusing: reply) == ["fields_missing"])
  }

  @Test func isNotSeenInAGoodReply() throws {
    let reply = try #require(MalformedReply.all.first { $0.name == "well_formed" })

    #expect(try rules(refusing: reply) == [])
  }

  private func rules(refusing reply: MalformedReply) throws -> [String] {
    let state = try ReplyScene.state(coins: try Reading.coins())
    return Admission.review(try Reading.of(reply.text).decisions, in: state).entries.compactMap {
      if case .rejected(let note) = $0.verdict { note.rule } else { nil }
    }
  }
}
