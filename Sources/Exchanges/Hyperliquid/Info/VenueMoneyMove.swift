package import Trading

/// Money that came into or left an account's perpetuals other than by trading and funding.
package struct VenueMoneyMove: Sendable, Hashable {
  /// When.
  package let at: Timestamp
  /// The hash of the transaction.
  package let hash: String
  /// The venue's word, such as `deposit`, `withdraw` or `accountClassTransfer`.
  package let kind: String
  /// What the account received, USD, fees included; negative = it left; `nil` = a kind, or a case
  /// of a kind, that we do not know.
  package let amount: USD?
}

extension VenueMoneyMove {
  /// The movement as `account` sees it; `nil` when it does not touch its perpetuals.
  static func read(
    _ row: Payload, of account: EthereumAddress
  ) throws(PayloadProblem) -> VenueMoneyMove? {
    let at = try row.time("time")
    let hash = try row.text("hash")
    return try row.inside("delta") { delta throws(PayloadProblem) in
      let kind = try delta.text("type")
      let amount = try amount(delta, kind, of: account)
      guard amount != .zero else { return nil }
      return VenueMoneyMove(at: at, hash: hash, kind: kind, amount: amount)
    }
  }

  private static func amount(
    _ delta: Payload, _ kind: String, of account: EthereumAddress
  ) throws(PayloadProblem) -> USD? {
    switch kind {
    case "deposit": return try delta.money("usdc")
    case "withdraw": return -(try delta.money("usdc")) - (try fee(delta))
    case "accountClassTransfer":
      guard delta.has("toPerp") else {
        throw delta.expected("toPerp", "true or false", delta.value["toPerp"])
      }
      let amount = try delta.money("usdc")
      return try delta.flag("toPerp") ? amount : -amount
    case "internalTransfer", "subAccountTransfer":
      return try transfer(delta, delta.money("usdc"), of: account)
    case "send": return try sent(delta, of: account)
    case "vaultDeposit": return try vaultDeposit(delta, of: account)
    case "vaultWithdraw": return try vaultWithdrawal(delta, of: account)
    case "liquidation", "spotTransfer", "spotGenesis", "cStakingTransfer": return .zero
    default: return nil
    }
  }

  private static func fee(_ delta: Payload) throws(PayloadProblem) -> USD {
    try delta.ifPresent("fee", delta.money) ?? .zero
  }

  /// A transfer between accounts; `nil` when neither end is ours.
  private static func transfer(
    _ delta: Payload, _ amount: USD, of account: EthereumAddress
  ) throws(PayloadProblem) -> USD? {
    let arrives = try delta.address("destination") == account
    let leaves = try delta.ifPresent("user", delta.address).map { $0 == account } ?? !arrives
    guard arrives || leaves else { return nil }
    return (arrives ? amount : .zero) - (leaves ? amount + (try fee(delta)) : .zero)
  }

  /// A transfer between accounts and dexes; only USDC of the main dex (`""`) is ours.
  private static func sent(
    _ delta: Payload, of account: EthereumAddress
  ) throws(PayloadProblem) -> USD? {
    guard try delta.ifPresent("token", delta.text) ?? "USDC" == "USDC" else { return .zero }
    let amount = try delta.money(delta.has("amount") ? "amount" : "usdcValue")
    let isIntoMain = try delta.ifPresent("destinationDex", delta.text) ?? "" == ""
    let isOutOfMain = try delta.ifPresent("sourceDex", delta.text) ?? "" == ""
    let arrives = try delta.address("destination") == account
    let leaves = try delta.ifPresent("user", delta.address).map { $0 == account } ?? !arrives
    guard arrives || leaves else { return nil }
    let gained = arrives && isIntoMain ? amount : .zero
    return gained - (leaves && isOutOfMain ? amount + (try fee(delta)) : .zero)
  }

  /// Money into a vault: leaves its depositor, arrives in the vault.
  private static func vaultDeposit(
    _ delta: Payload, of account: EthereumAddress
  ) throws(PayloadProblem) -> USD? {
    let amount = try delta.money("usdc")
    return try delta.ifPresent("vault", delta.address) == account ? amount : -amount
  }

  /// Money out of a vault as its depositor sees it; a vault's own view is not known for sure.
  private static func vaultWithdrawal(
    _ delta: Payload, of account: EthereumAddress
  ) throws(PayloadProblem) -> USD? {
    if try delta.ifPresent("vault", delta.address) == account { return nil }
    if let net = try delta.ifPresent("netWithdrawnUsd", delta.money) { return net }
    let costs =
      try (delta.ifPresent("commission", delta.money) ?? .zero)
      + (delta.ifPresent("closingCost", delta.money) ?? .zero)
    return try delta.money("requestedUsd") - costs
  }
}
