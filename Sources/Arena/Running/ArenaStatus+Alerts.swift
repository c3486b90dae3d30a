import Trading

extension ArenaStatus {
  /// How the deliveries of alerts go, in one line; empty when all have arrived.
  static func text(of channels: [AlertChannelState]) -> String {
    guard !channels.isEmpty else { return "" }
    let parts = channels.map { state in
      let counts = [
        state.waiting > 0 ? "\(state.waiting) waiting" : nil,
        state.givenUp > 0 ? "\(state.givenUp) given up within a day" : nil,
      ].compactMap { $0 }.joined(separator: ", ")
      let error = state.error.isEmpty ? "" : " (\(Readable.harmlessLine(state.error)))"
      return "\(state.channel): \(counts)\(error)"
    }
    return "messages about alerts not delivered: \(parts.joined(separator: "; "))\n"
  }

  static func write(_ state: AlertChannelState, into json: inout CanonicalJSON) {
    json.field("channel", state.channel)
    json.field("error", state.error)
    json.field("given_up", state.givenUp)
    json.field("waiting", state.waiting)
  }
}
