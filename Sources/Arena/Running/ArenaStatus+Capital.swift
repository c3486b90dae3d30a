import Journal
import Manager
import Trading

extension ArenaStatus {
  /// How much of the money works, by the latest equity points; `nil` when nobody has one.
  ///
  /// Traders that were removed count only while they still have money.
  static func utilisation(
    of state: ArenaState, _ store: StateStore, split: AllocationRules?
  ) throws -> Utilisation? {
    var traders: [Utilisation.Trader] = []
    for id in state.traders.keys.sorted() {
      guard let record = state.traders[id],
        record.runtime.removedAt == nil || record.ledger.cash != .zero,
        let point = try store.hourlyTotals(id, limitHours: 1, thenDaily: 0).last?.point
      else { continue }
      traders.append(
        Utilisation.Trader(trader: id, equity: point.equity, marginUsed: point.marginUsed))
    }
    guard !traders.isEmpty else { return nil }
    return Utilisation(
      of: traders, treasury: treasury(of: state, split: split),
      reserve: split.map(Allocation.reserve) ?? .zero)
  }

  /// Money that no trader has, USD: of the split, or else what lies unused in the accounts.
  private static func treasury(of state: ArenaState, split: AllocationRules?) -> USD {
    guard let split else {
      return state.accounts.values.reduce(USD.zero) { $0 + $1.unallocated }
    }
    let flows = state.traders.filter { id, record in
      split.members.keys.contains(id) || record.runtime.removedAt != nil
    }.reduce(USD.zero) { $0 + $1.value.ledger.flows }
    return Allocation.treasury(split, netFlows: flows)
  }

  static func text(of capital: Utilisation) -> String {
    let pct = capital.utilisationPct.map { " (\(Readable.decimals2($0)) %)" } ?? ""
    var text =
      "capital \(Readable.usd(capital.total)) USD: \(Readable.usd(capital.allocated)) allocated, "
      + "\(Readable.usd(capital.utilised)) of it utilised\(pct), "
      + "\(Readable.usd(capital.reserve)) reserve\n"
    if !capital.overAllocated.isEmpty {
      let names = capital.overAllocated.map(\.name).joined(separator: ", ")
      text += "over-allocated, margin beyond equity: \(Readable.clipped(names, to: 80))\n"
    }
    return text
  }

  static func write(_ capital: Utilisation, into json: inout CanonicalJSON) {
    json.field("allocated_usd", capital.allocated)
    json.array("over_allocated", capital.overAllocated) { json, id in json.value(id.name) }
    json.field("reserve_usd", capital.reserve)
    json.field("total_usd", capital.total)
    if let pct = capital.utilisationPct {
      json.field("utilisation_pct", pct)
    } else {
      json.null("utilisation_pct")
    }
    json.field("utilised_usd", capital.utilised)
  }

  static func write(_ position: Position, into json: inout CanonicalJSON) {
    let plan = position.claim.exitPlan
    json.field("entry_price", position.entryPrice)
    json.field("opened_at_ms", position.openedAt.ms)
    json.field("side", position.side.rawValue)
    json.field("size_coins", position.size)
    if let stop = plan.stop { json.field("stop_price", stop) } else { json.null("stop_price") }
    json.field("symbol", position.coin.name)
    if let target = plan.target {
      json.field("target_price", target)
    } else {
      json.null("target_price")
    }
  }
}
