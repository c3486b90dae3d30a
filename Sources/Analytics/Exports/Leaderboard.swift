import Trading

extension Export {
  /// The traders by equity, the richest first, then by id; the benchmark is not among them.
  ///
  /// `sharpe` is the annualised ratio of daily returns, 0 while undefined because the contract
  /// wants a number (account-totals has null then). `lose_dollars` is zero or negative.
  package static let leaderboard = Export(
    name: "leaderboard.json", summary: "The traders by equity, with wins and losses."
  ) { view in
    let rows = view.traders.map { trader in
      (trader: trader, present: EquityRow.present(of: trader, in: view))
    }
    let ranked = rows.sorted { left, right in
      left.present.equity == right.present.equity
        ? left.trader.id < right.trader.id : left.present.equity > right.present.equity
    }
    return CanonicalJSON.document { json in
      json.array("leaderboard", ranked) { json, row in
        let totals = row.trader.record.totals
        let scale = view.scale(of: row.trader)
        json.object { json in
          json.field("equity", row.present.equity)
          json.field("id", row.trader.id.name)
          json.field("lose_dollars", scale(totals.losings))
          json.field("num_losses", totals.trades - totals.wins)
          json.field("num_trades", totals.trades)
          json.field("num_wins", totals.wins)
          json.field("return_pct", row.present.returnPct(decimals: 2))
          json.field("sharpe", totals.sharpe ?? 0)
          json.field("win_dollars", scale(totals.winnings))
        }
      }
    }
  }
}
