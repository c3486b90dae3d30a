package import Trading

/// A wallet that an account has approved by name (`extraAgents`).
package struct ExtraAgent: Sendable, Hashable {
  /// Its name.
  package let name: String
  /// Its address.
  package let address: EthereumAddress
  /// When the approval ends; `nil` = not told.
  package let validUntil: Timestamp?
}

extension ExtraAgent {
  static func read(_ row: Payload) throws(PayloadProblem) -> ExtraAgent {
    ExtraAgent(
      name: try row.ifPresent("name", row.text) ?? "", address: try row.address("address"),
      validUntil: try row.ifPresent("validUntil", row.time))
  }
}
