import Trading

extension VenueState {
  /// Answers a question; `nil` = HTTP 422.
  mutating func info(_ question: InfoQuestion) -> JSONValue? {
    switch question.type {
    case "meta", "metaAndAssetCtxs", "allMids", "l2Book", "candleSnapshot", "fundingHistory":
      return market(question)
    default: break
    }
    guard let user = question.user else { return nil }
    let account = accounts[user] ?? VenueAccount(address: user, role: .user)
    switch question.type {
    case "clearinghouseState": return clearinghouse(account)
    case "spotClearinghouseState": return spot(account)
    case "userAbstraction": return .text(account.abstraction)
    case "openOrders":
      return .array(openOrders(of: user).map { plain(orders[$0]) })
    case "frontendOpenOrders":
      return .array(openOrders(of: user).map { frontend(orders[$0]) })
    case "orderStatus": return orderStatus(question.body["oid"] ?? .null, of: user)
    case "historicalOrders": return historical(user)
    case "userFills":
      return .array(fills(of: user).suffix(2000).reversed().map { fill($0) })
    case "userFillsByTime":
      let found = fills(of: user).filter { $0.at >= question.start && $0.at <= question.end }
      let rows = found.prefix(2000).map { fill($0) }
      return .array(showsNewestFillsFirst ? rows.reversed() : rows)
    case "userFunding":
      let found = account.fundings.filter { $0.at >= question.start && $0.at <= question.end }
      return .array(found.prefix(500).map { funding($0) })
    case "userNonFundingLedgerUpdates":
      let found = account.moves.filter { $0.at >= question.start && $0.at <= question.end }
      return .array(found.prefix(500).map { move($0) })
    case "userRateLimit":
      return members([
        "cumVlm": wire(micro(account.volume)),
        "nRequestsUsed": .number(account.requestsUsed),
        "nRequestsCap": .number(account.requestCap), "nRequestsSurplus": .number(0),
      ])
    case "userFees":
      return members([
        "userCrossRate": rate(fees.taker), "userAddRate": rate(fees.maker),
        "activeReferralDiscount": .text("0.0"),
      ])
    case "userRole": return role(of: user)
    case "extraAgents":
      return .array(
        account.agents.map {
          members([
            "name": .text($0.name), "address": .text($0.address.description),
            "validUntil": whole($0.validUntil.ms),
          ])
        })
    case "activeAssetData": return active(account, question.body["coin"]?.text ?? "")
    default: return nil
    }
  }

  /// An account's fills, oldest first.
  func fills(of user: VenueAddress) -> [VenueFill] { fills.filter { $0.account == user } }

  /// Basis points as a fraction.
  private func rate(_ rate: Bps) -> JSONValue {
    wire(USD(mantissa: ExactMath.divide(Int128(rate.mantissa), by: 10_000, .halfEven).clamped))
  }

  private func role(of user: VenueAddress) -> JSONValue {
    if let account = accounts[user] {
      switch account.role {
      case .user: return members(["role": .text("user")])
      case .vault: return members(["role": .text("vault")])
      case .subAccount(let master):
        return members([
          "role": .text("subAccount"), "data": members(["master": .text(master.description)]),
        ])
      }
    }
    if let master = master(of: user, at: clock.now) {
      return members([
        "role": .text("agent"), "data": members(["user": .text(master.description)]),
      ])
    }
    return members(["role": .text("missing")])
  }

  private mutating func spot(_ account: VenueAccount) -> JSONValue {
    let isUnified = account.abstraction == "unifiedAccount"
    let value = account.value(marks(at: processed), instruments)
    let total = isUnified ? micro(value.equity) : USD.zero
    return members([
      "balances": .array([
        members([
          "coin": .text("USDC"), "token": .number(0), "total": wire(total),
          "hold": wire(isUnified ? micro(value.margin) : .zero), "entryNtl": .text("0.0"),
        ])
      ])
    ])
  }

  private mutating func active(_ account: VenueAccount, _ name: String) -> JSONValue? {
    guard let coin = Coin(name), let listed = listed(coin)?.coin else { return nil }
    let mark = mark(listed, at: processed)
    let value = account.value(marks(at: processed), instruments)
    let leverage = account.leverage(of: listed.instrument)
    let free = max(.zero, value.crossEquity - value.crossMargin - held(by: account))
    let size = listed.instrument.roundedDown(
      USD(mantissa: free.mantissa * Int64(leverage.value)).buys(at: mark))
    return members([
      "user": .text(account.address.description), "coin": .text(name),
      "leverage": members([
        "type": .text(leverage.isCross ? "cross" : "isolated"), "value": .number(leverage.value),
      ]),
      "maxTradeSzs": .array([wire(size), wire(size)]),
      "availableToTrade": .array([wire(micro(free)), wire(micro(free))]),
      "markPx": wire(mark),
    ])
  }

  // MARK: Histories

  private func funding(_ payment: VenueFundingPayment) -> JSONValue {
    members([
      "time": whole(payment.at.ms), "hash": hash(payment.serial, 1),
      "delta": members([
        "type": .text("funding"), "coin": .text(payment.coin.name), "usdc": wire(payment.amount),
        "szi": wire(payment.size), "fundingRate": .text(payment.rate.description),
        "nSamples": .null,
      ]),
    ])
  }

  private func move(_ move: VenueMoneyMove) -> JSONValue {
    let delta: JSONValue =
      switch move.kind {
      case "withdraw":
        members([
          "type": .text("withdraw"), "usdc": wire((-move.amount) - USD(whole: 1)),
          "nonce": whole(move.at.ms), "fee": .text("1.0"),
        ])
      case "accountClassTransfer":
        members([
          "type": .text(move.kind), "usdc": wire(move.amount.magnitude),
          "toPerp": .flag(move.amount > .zero),
        ])
      default: members(["type": .text(move.kind), "usdc": wire(move.amount)])
      }
    return members([
      "time": whole(move.at.ms), "hash": hash(move.serial, 2), "delta": delta,
    ])
  }
}

extension Int128 {
  /// The number as far as it fits.
  fileprivate var clamped: Int64 { Int64(clamping: self) }
}
