import Exchanges
import Trading

extension OrderOutcome: Taped {
  func write(to line: inout TapeLine) {
    line.add(label)
    switch self {
    case .filled(let size, let price, let fee, let id):
      line.add(size)
      line.add(price)
      line.add(fee)
      line.add(id)
    case .resting(let id): line.add(id)
    case .rejected(let words), .unknown(let words): line.add(words)
    }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    switch try reader.next(String.self) {
    case "filled":
      self = .filled(
        size: try reader.next(), averagePrice: try reader.next(), fee: try reader.next(),
        orderID: try reader.next())
    case "resting": self = .resting(orderID: try reader.next())
    case "rejected": self = .rejected(try reader.next())
    case "unknown": self = .unknown(try reader.next())
    default: throw TapeFault(description: "expected an outcome in the inputs")
    }
  }
}

extension OrderLookup: Taped {
  func write(to line: inout TapeLine) {
    switch self {
    case .found(let outcome): line.add(OrderOutcome?.some(outcome))
    case .absent: line.add(OrderOutcome?.none)
    }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self = try reader.next(OrderOutcome?.self).map { .found($0) } ?? .absent
  }
}

extension FeeSchedule: Taped {
  func write(to line: inout TapeLine) {
    line.add(taker)
    line.add(maker)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(taker: try reader.next(), maker: try reader.next())
  }
}

extension VenueFinding: Taped {
  func write(to line: inout TapeLine) {
    line.add(id)
    line.add(severity)
    line.add(message)
    line.add(blocksOpens)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(
      id: try reader.next(), severity: try reader.next(), message: try reader.next(),
      blocksOpens: try reader.next())
  }
}

extension OrderKind: Taped {
  func write(to line: inout TapeLine) {
    switch self {
    case .limit(let price, let force):
      line.add(price)
      line.add(TimeInForce?.some(force))
      line.add(price)
    case .trigger(let trigger, let limit):
      line.add(trigger)
      line.add(TimeInForce?.none)
      line.add(limit)
    }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let first = try reader.next(Price.self)
    let force = try reader.next(TimeInForce?.self)
    let limit = try reader.next(Price.self)
    self = force.map { .limit(first, $0) } ?? .trigger(at: first, limit: limit)
  }
}

extension VenuePosition: Taped {
  func write(to line: inout TapeLine) {
    line.add(coin)
    line.add(size)
    line.add(entryPrice)
    line.add(leverage)
    line.add(marginUsed)
    line.add(unrealised)
    line.add(liquidationPrice)
    line.add(mark)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(
      coin: try reader.next(), size: try reader.next(), entryPrice: try reader.next(),
      leverage: try reader.next(), marginUsed: try reader.next(),
      unrealised: try reader.next(), liquidationPrice: try reader.next(),
      mark: try reader.next())
  }
}

extension RestingOrder: Taped {
  func write(to line: inout TapeLine) {
    line.add(orderID)
    line.add(clientOrderID)
    line.add(coin)
    line.add(side)
    line.add(size)
    line.add(kind)
    line.add(reduceOnly)
    line.add(purpose)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(
      orderID: try reader.next(), clientOrderID: try reader.next(), coin: try reader.next(),
      side: try reader.next(), size: try reader.next(), kind: try reader.next(),
      reduceOnly: try reader.next(), purpose: try reader.next())
  }
}

extension Fill: Taped {
  func write(to line: inout TapeLine) {
    line.add(id)
    line.add(account)
    line.add(coin)
    line.add(side)
    line.add(price)
    line.add(size)
    line.add(fee)
    line.add(isTaker)
    line.add(at)
    line.add(orderID)
    line.add(clientOrderID)
    line.add(cause)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(
      id: try reader.next(), account: try reader.next(), coin: try reader.next(),
      side: try reader.next(), price: try reader.next(), size: try reader.next(),
      fee: try reader.next(), isTaker: try reader.next(), at: try reader.next(),
      orderID: try reader.next(), clientOrderID: try reader.next(), cause: try reader.next())
  }
}

extension FundingPayment: Taped {
  func write(to line: inout TapeLine) {
    line.add(account)
    line.add(coin)
    line.add(at)
    line.add(size)
    line.add(rate)
    line.add(amount)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(
      account: try reader.next(), coin: try reader.next(), at: try reader.next(),
      size: try reader.next(), rate: try reader.next(), amount: try reader.next())
  }
}

extension AccountTransfer: Taped {
  func write(to line: inout TapeLine) {
    line.add(id.text)
    line.add(account)
    line.add(at)
    line.add(amount)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(
      id: TransferID(try reader.next()), account: try reader.next(), at: try reader.next(),
      amount: try reader.next())
  }
}

extension AccountReport: Taped {
  func write(to line: inout TapeLine) {
    line.add(snapshot.account)
    line.add(snapshot.at)
    line.add(snapshot.equity)
    line.add(snapshot.marginUsed)
    line.add(snapshot.maintenanceMargin)
    line.add(snapshot.positions)
    line.add(snapshot.orders)
    line.add(fills)
    line.add(funding)
    line.add(transfers)
    line.add(gaps)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let snapshot = AccountSnapshot(
      account: try reader.next(), at: try reader.next(), equity: try reader.next(),
      marginUsed: try reader.next(), maintenanceMargin: try reader.next(),
      positions: try reader.next(), orders: try reader.next())
    self.init(
      snapshot: snapshot, fills: try reader.next(), funding: try reader.next(),
      transfers: try reader.next(), gaps: try reader.next())
  }
}

extension SettlementRules: Taped {
  func write(to line: inout TapeLine) {
    line.add(grace)
    line.add(isRepeatable)
    line.add(patience)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(
      grace: try reader.next(), isRepeatable: try reader.next(), patience: try reader.next())
  }
}

extension ExchangeError: Taped {
  func write(to line: inout TapeLine) {
    switch self {
    case .unreachable(let name, let operation, let cause):
      line.add(["unreachable", name, operation, cause])
    case .unreadable(let name, let operation, let cause):
      line.add(["unreadable", name, operation, cause])
    case .storage(let name, let operation, let cause):
      line.add(["storage", name, operation, cause])
    case .noSuchAccount(let name, let account): line.add(["no_account", name, account.name, ""])
    case .noMarket(let name, let cause): line.add(["no_market", name, "", cause])
    case .notMoved(let name, let cause): line.add(["not_moved", name, "", cause])
    case .refused(let name, let operation, let cause):
      line.add(["refused", name, operation, cause])
    }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let words = try reader.next([String].self)
    guard words.count == 4 else {
      throw TapeFault(description: "expected an exchange's error in the inputs")
    }
    switch words[0] {
    case "unreachable":
      self = .unreachable(exchange: words[1], operation: words[2], cause: words[3])
    case "unreadable":
      self = .unreadable(exchange: words[1], operation: words[2], cause: words[3])
    case "storage": self = .storage(exchange: words[1], operation: words[2], cause: words[3])
    case "no_market": self = .noMarket(exchange: words[1], cause: words[3])
    case "not_moved": self = .notMoved(exchange: words[1], cause: words[3])
    case "refused": self = .refused(exchange: words[1], operation: words[2], cause: words[3])
    default:
      guard words[0] == "no_account", let account = AccountID(words[2]) else {
        throw TapeFault(description: "expected an exchange's error in the inputs")
      }
      self = .noSuchAccount(exchange: words[1], account: account)
    }
  }
}
