import Foundation

/// An arena as the files of `data/` tell of it, for the dashboard to show.
struct DashboardArena {
  /// The files by name, without the manifest.
  var files: [String: [String: Any]]
  var generation = 1
  /// When its runs were made, unix seconds.
  var at: Int

  /// An arena of so many traders with a day of history.
  init(traders count: Int, at: Int = Int(Date().timeIntervalSince1970)) {
    self.at = at
    let ids = (0..<count).map { "trader-\($0 < 10 ? "0" : "")\($0)" }
    files = [
      "dashboard": Self.dashboard(ids, at: at), "performance": Self.performance(ids, at: at),
      "leaderboard": [
        "leaderboard": ids.enumerated().map { place, id -> [String: Any] in
          [
            "equity": 10_900 - 150 * place, "id": id, "lose_dollars": -20, "num_losses": 2,
            "num_trades": 5, "num_wins": 3, "return_pct": 9 - 1.5 * Double(place),
            "sharpe": 0.2, "win_dollars": 60,
          ]
        }
      ],
      "positions": [
        "accountTotals": ids.map { ["model_id": $0, "positions": ["BTC": Self.position(at: at)]] }
      ],
      "trades": ["trades": ids.flatMap { Self.trades(of: $0, at: at) }],
      "conversations": ["conversations": ids.map { Self.conversation(of: $0, at: at) }],
      "alerts": [
        "alerts": count == 0
          ? []
          : [
            [
              "key": "k", "kind": "stale_data", "message": "Prices are old.", "number": 1,
              "opened_at": at - 600, "resolved_at": NSNull(), "severity": "medium",
              "threshold": NSNull(), "told_at": at, "trader": NSNull(), "value": NSNull(),
            ]
          ]
      ],
      "runs": [
        "runs": (0..<(count == 0 ? 0 : 5)).map { number -> [String: Any] in
          [
            "at": at - 180 * number, "cycle": 9 - number, "error": NSNull(),
            "finished_at": at - 180 * number, "run": 9 - number,
            "started_at": at - 180 * number - 2, "status": "finished",
            "phases": [["ms": 12, "phase": "state"], ["ms": 900, "phase": "decide"]],
          ]
        }
      ],
    ]
  }

  /// The page and the files, below a folder of a site.
  func site(_ page: [UInt8], below folder: String) throws -> [String: [[UInt8]]] {
    var site = ["\(folder)/index.html": [page], "\(folder)/data/manifest.json": [try manifest()]]
    for name in files.keys { site["\(folder)/data/\(name).json"] = [try bytes(of: name)] }
    return site
  }

  /// A file's bytes.
  func bytes(of name: String) throws -> [UInt8] {
    try Array(
      JSONSerialization.data(withJSONObject: files[name] ?? [:], options: [.sortedKeys]))
  }

  /// The manifest; its digests need only differ when the files do.
  func manifest() throws -> [UInt8] {
    let entries = try files.keys.sorted().map { name -> [String: Any] in
      let bytes = try bytes(of: name)
      let digest = bytes.reduce(UInt64(14_695_981_039_346_656_037)) {
        ($0 ^ UInt64($1)) &* 1_099_511_628_211
      }
      return [
        "name": "\(name).json", "sha256": String(digest, radix: 16), "size_bytes": bytes.count,
      ]
    }
    return try Array(
      JSONSerialization.data(withJSONObject: [
        "at_ms": at * 1000, "cycle": 9, "files": entries, "generation": generation,
        "is_synthetic": true, "run": 9,
      ]))
  }

  private static func dashboard(_ ids: [String], at: Int) -> [String: Any] {
    let curve = { (shift: Int) in
      (0..<97).map { [at - 900 * (96 - $0), 10_000 + ($0 * shift) % 700] }
    }
    return [
      "arena": [
        "benchmark": ids.isEmpty ? NSNull() : "buynhold_btc", "cycle": 9, "is_simulated": true,
        "is_synthetic": true, "name": "Test arena", "nav_base": NSNull(), "run": 9,
      ] as [String: Any],
      "costs": ids.prefix(3).map {
        [
          "calls": 4, "cost_today_usd": 0.1, "cost_usd": 1.5, "id": $0, "model": "fast",
          "tokens": 12_345,
        ] as [String: Any]
      },
      "decisions": ids.map { ["hours": [[at / 3600 * 3600, 20, 1, 1]], "id": $0] },
      "equity": ids.enumerated().map {
        ["id": $1, "is_benchmark": false, "points": curve($0 + 3)] as [String: Any]
      }
        + (ids.isEmpty
          ? [] : [["id": "buynhold_btc", "is_benchmark": true, "points": curve(2)]]),
      "heat_map": ids.map { ["coins": ["BTC": 12.5], "id": $0] },
      "pnl_distribution": ids.map { ["counts": [1, 2], "edges": [-10, 0, 20], "id": $0] },
      "serverTime": at * 1000,
      "traders": ids.enumerated().map { place, id -> [String: Any] in
        [
          "executor": "model", "id": id, "mode": "simulated", "name": "Name \(id)",
          "next_decision_at": NSNull(), "status": place == 1 ? "paused" : "running",
          "status_reason": place == 1 ? "by hand" : "",
        ]
      },
    ]
  }

  private static func performance(_ ids: [String], at: Int) -> [String: Any] {
    [
      "pairs": [], "period": "hour", "resamples": 2000, "serverTime": at * 1000,
      "tiers": ids.isEmpty ? [] : [ids],
      "traders": ids.map { id -> [String: Any] in
        [
          "calibration": [], "id": id,
          "metrics": ["max_drawdown_pct": 3.5, "sharpe": 1.25, "calmar": NSNull()],
          "statistics": [
            "band": [[at - 86_400, 9_900, 10_100], [at, 9_000, 11_500]], "dsr": 0.2,
            "days_still_needed": 30, "luck_percentile": 61, "minimum_track_days": 40,
            "periods": 24, "probability_best": 0.2, "psr": 0.8, "rank": [1, 4],
            "return_pct": [-4, 14], "sharpe": [-1, 3],
          ] as [String: Any],
        ]
      },
    ]
  }

  private static func position(at: Int) -> [String: Any] {
    [
      "confidence": 0.7, "current_price": 60_500, "entry_price": 60_000,
      "entry_time": at - 7200, "leverage": 3, "liquidation_price": 41_000, "quantity": 0.05,
      "exit_plan": [
        "invalidation_condition": "The trend turns.", "profit_target": 63_000,
        "stop_loss": 58_500,
      ] as [String: Any], "symbol": "BTC", "unrealized_pnl": 25,
    ]
  }

  private static func trades(of id: String, at: Int) -> [[String: Any]] {
    (0..<3).map { number in
      [
        "entry_price": 60_000, "entry_time": at - 9000, "exit_price": 60_400, "model_id": id,
        "exit_time": at - 600 * number, "id": "\(id)_\(number)", "quantity": -0.02,
        "realized_net_pnl": -8 + number, "side": "short", "symbol": "BTC",
        "total_commission_dollars": 0.9,
      ]
    }
  }

  /// A decision to buy, with everything a model may say.
  static func conversation(of id: String, at: Int, saying text: String = "I buy.")
    -> [String: Any]
  {
    [
      "cot_trace": text, "cot_trace_summary": text, "cycle_id": 9, "id": "\(id)_\(at)",
      "llm_response": [
        "BTC": [
          "coin": "BTC", "confidence": 0.7, "justification": text, "quantity": 1,
          "signal": "buy_to_enter",
        ] as [String: Any]
      ], "messages": [["content": text, "role": "assistant"]], "model_id": id,
      "timestamp": at, "user_prompt": text,
    ]
  }
}
