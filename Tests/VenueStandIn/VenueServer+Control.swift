import Synchronization
package import Trading

extension VenueServer {
  // MARK: Time and prices

  /// The venue's time.
  package var now: Timestamp { state.withLock { $0.clock.now } }

  /// Sets the venue's time; what the market does until then happens in order.
  ///
  /// A time set back undoes nothing.
  package func set(time: Timestamp) {
    state.withLock {
      $0.settle()
      $0.clock.set(time)
      $0.settle()
    }
  }

  /// Moves the venue's time on.
  package func advance(by span: Span) { set(time: now + span) }

  /// Lets the time stand still or run from now on.
  package func freeze(_ isFrozen: Bool) { state.withLock { $0.clock.freeze(isFrozen) } }

  /// What the `Date` header is ahead of the venue's time; negative = behind.
  package func skewDate(by skew: Span) { state.withLock { $0.clock.dateSkew = skew } }

  /// The mark price of a coin; `nil` = not listed.
  package func price(_ coin: Coin, at instant: Timestamp? = nil) -> Price? {
    state.withLock { state in
      state.listed(coin).map { state.mark($0.coin, at: instant ?? state.clock.now) }
    }
  }

  /// Moves the price from now on by per cent; what this sets off happens at once.
  package func jump(_ coin: Coin, byPct pct: Double) {
    state.withLock { state in
      state.settle()
      state.path.jump(coin, by: 1 + pct / 100, at: state.clock.now)
      state.settle()
      state.check(at: state.processed)
    }
  }

  /// Keeps the price where it is told from now on; `nil` = lets it follow its path again.
  package func hold(_ coin: Coin, at price: Price?) {
    state.withLock { state in
      state.settle()
      state.path.hold(coin, at: price, from: state.clock.now)
      state.settle()
      state.check(at: state.processed)
    }
  }

  /// Sets how much rests in the books; of one coin or, with `nil`, of all that have none of their
  /// own.
  package func setDepth(_ depth: Depth, of coin: Coin? = nil) {
    state.withLock { state in
      if let coin { state.depths[coin] = depth } else { state.depth = depth }
    }
  }

  /// Sets what trading costs from now on.
  package func setFees(_ fees: VenueFees) { state.withLock { $0.fees = fees } }

  /// Sets whether the limit of a market trigger bounds its fill (true unless told).
  package func boundMarketTriggers(_ isBound: Bool) {
    state.withLock { $0.boundsMarketTriggers = isBound }
  }

  /// Sets whether `userFillsByTime` comes newest first (false unless told); what is left out of a
  /// long answer are the newest ones either way.
  package func showNewestFillsFirst(_ isReversed: Bool) {
    state.withLock { $0.showsNewestFillsFirst = isReversed }
  }

  // MARK: Accounts

  /// Opens an account, vault or sub-account with a deposit.
  package func open(
    _ address: VenueAddress, as role: VenueAccount.Role = .user, deposit: USD = .zero
  ) {
    state.withLock { $0.accounts[address] = VenueAccount(address: address, role: role) }
    if deposit > .zero { self.deposit(deposit, to: address) }
  }

  /// Lets a key trade for an account.
  package func approve(
    agent: VenueAddress, name: String = "nof0", for account: VenueAddress,
    until: Timestamp? = nil
  ) {
    state.withLock { state in
      let end = until ?? state.clock.now + .day * 180
      state.accounts[account]?.agents.append(
        VenueAgent(name: name, address: agent, validUntil: end))
    }
  }

  /// Takes a key's approval away.
  package func revoke(agent: VenueAddress) { state.withLock { $0.revoke(agent) } }

  /// Sets the mode of an account, such as `unifiedAccount`.
  package func setAbstraction(_ mode: String, of account: VenueAddress) {
    state.withLock { $0.accounts[account]?.abstraction = mode }
  }

  /// Sets how many requests an account may send before it has any volume.
  package func setRequestCap(_ free: Int, of account: VenueAddress) {
    state.withLock { $0.accounts[account]?.requestsFree = free }
  }

  /// Adds money to an account.
  package func deposit(_ amount: USD, to account: VenueAddress) {
    move(amount, "deposit", account)
  }

  /// Takes money from an account; 1 USD of it is the fee of the withdrawal.
  package func withdraw(_ amount: USD, from account: VenueAddress) {
    move(-amount, "withdraw", account)
  }

  /// Moves money between an account's spot and perpetual side; positive = into the perpetuals.
  package func transferClass(_ amount: USD, of account: VenueAddress) {
    move(amount, "accountClassTransfer", account)
  }

  private func move(_ amount: USD, _ kind: String, _ account: VenueAddress) {
    state.withLock { state in
      state.settle()
      let move = VenueMoneyMove(
        at: state.clock.now, kind: kind, amount: micro(amount), serial: state.nextSerial())
      state.accounts[account]?.rawUSD += move.amount
      state.accounts[account]?.moves.append(move)
    }
  }

  // MARK: By hand

  /// Trades at the market by hand: an order without client's name.
  ///
  /// - Returns: What was filled; less than the size in a thin book.
  @discardableResult package func manualOrder(
    _ account: VenueAddress, _ coin: Coin, _ side: OrderSide, _ size: Quantity
  ) -> Quantity {
    state.withLock { state in
      state.settle()
      let now = state.clock.now
      guard state.accounts[account] != nil, let listed = state.listed(coin)?.coin else {
        return .zero
      }
      let plan = state.matches(listed, side, size, within: nil, at: now)
      guard let worst = plan.last else { return .zero }
      let index = state.force(account, listed, side, size, limit: worst.price, at: now)
      state.execute(index, plan, at: now)
      if state.orders[index].status == .open { state.become(.filled, index, at: now) }
      return state.orders[index].filled
    }
  }

  /// Closes a position at the market by hand; what was closed.
  @discardableResult package func manualClose(_ account: VenueAddress, _ coin: Coin) -> Quantity {
    guard let size = position(account, coin)?.size, let side = size.side?.closing else {
      return .zero
    }
    return manualOrder(account, coin, side, size.magnitude)
  }

  /// Cancels an order by hand; whether it was open.
  @discardableResult package func manualCancel(_ number: Int64) -> Bool {
    state.withLock { state in
      state.settle()
      guard let index = state.index(ofOrder: number), state.orders[index].isOpen else {
        return false
      }
      state.end(index, at: state.clock.now)
      return true
    }
  }

  /// Takes a part of a position away at the mark, as deleveraging does; what was taken.
  @discardableResult package func deleverage(
    _ account: VenueAddress, _ coin: Coin, _ size: Quantity
  ) -> Quantity {
    state.withLock { state in
      state.settle()
      guard let listed = state.listed(coin)?.coin,
        let held = state.accounts[account]?.positions[coin]?.size, let side = held.side?.closing
      else { return .zero }
      let taken = min(size, held.magnitude)
      let now = state.clock.now
      let mark = state.mark(listed, at: now)
      let index = state.force(account, listed, side, taken, limit: mark, at: now)
      state.execute(
        index, [DepthLevel(price: mark, size: taken)], isTaker: false, force: .deleveraging,
        at: now)
      return taken
    }
  }
}
