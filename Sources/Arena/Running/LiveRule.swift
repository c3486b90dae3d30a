import Trading

/// Who decides whether orders are real: the configuration and the command line, both of them.
package enum LiveRule {
  /// What happens to the orders of a run.
  package enum Mode: Sendable, Equatable {
    /// They are sent to a real venue, and to simulated ones if there are some.
    case live
    /// There is no real venue; they are sent to simulated ones.
    case simulated
    /// None is sent, to no venue; each reason says what to write where, and all of them count.
    case dry(reasons: [String])
  }

  /// What happens to the orders of a run.
  ///
  /// - Parameters:
  ///   - config: Only exchanges that some trader uses count.
  ///   - isLive: Whether `--live` is on the command line.
  ///   - isDryRun: Whether `--dry-run` is; it says nothing where there is no real venue.
  /// - Returns: `dry` with at least one reason, unless every real exchange has `live: true`,
  ///   `--live` is there, and `--dry-run` is not.
  package static func mode(
    of config: ArenaConfig, isLive: Bool, isDryRun: Bool
  ) -> Mode {
    var areReal = false
    var reasons: [String] = []
    if isDryRun { reasons.append("--dry-run is on the command line; leave it out") }
    if !isLive { reasons.append("--live is missing on the command line; add it") }
    for id in Set(config.traders.map(\.exchange)).sorted() {
      switch config.exchangeProviders[id] {
      case .sim: continue
      case .hyperliquid(let venue):
        areReal = true
        guard !venue.isLive else { continue }
        reasons.append(
          "exchange \(id) is not live; write live: true at providers.\(id) in exchange.yaml")
      case .unavailable, nil:
        areReal = true
        reasons.append(
          "exchange \(id) cannot be traded on; use type: sim or type: hyperliquid at "
            + "providers.\(id) in exchange.yaml")
      }
    }
    guard areReal else { return .simulated }
    return reasons.isEmpty ? .live : .dry(reasons: reasons)
  }

  /// Refuses a command whose whole purpose is to send orders when it would be dry.
  ///
  /// - Throws: A usage failure without `--live`, else one of the configuration.
  package static func refuseDryOrders(_ config: ArenaConfig, isLive: Bool) throws(RunFailure) {
    guard case .dry(let reasons) = mode(of: config, isLive: isLive, isDryRun: false) else {
      return
    }
    throw RunFailure(
      isLive ? .configuration : .usage,
      "this command sends orders to a real venue, and nothing was done: "
        + reasons.joined(separator: "; "))
  }
}
