import Trading

/// What kind of account an address is (`userRole`).
package enum AccountRole: Sendable, Hashable {
  /// An account of its own.
  case user
  /// A wallet that may trade for an account.
  case agent(of: EthereumAddress)
  /// A vault.
  case vault
  /// A part of an account.
  case subAccount(of: EthereumAddress)
  /// The venue has never seen it.
  case missing
}

extension AccountRole {
  init(_ payload: Payload) throws(PayloadProblem) {
    switch try payload.text("role") {
    case "user": self = .user
    case "vault": self = .vault
    case "missing": self = .missing
    case "agent":
      self = .agent(
        of: try payload.inside("data") { data throws(PayloadProblem) in try data.address("user") })
    case "subAccount":
      self = .subAccount(
        of: try payload.inside("data") { data throws(PayloadProblem) in
          try data.address("master")
        })
    default:
      throw payload.expected(
        "role", "user, agent, vault, subAccount or missing", payload.value["role"])
    }
  }
}
