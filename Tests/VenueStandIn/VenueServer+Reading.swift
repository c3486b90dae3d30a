import Glibc
import Synchronization
package import Trading

extension VenueServer {
  // MARK: Everything that ever happened

  /// All orders that got a number, oldest first.
  package var orders: [VenueOrder] { state.withLock { $0.orders } }

  /// All fills, oldest first.
  package var fills: [VenueFill] { state.withLock { $0.fills } }

  /// All POST /exchange, in the order of arrival.
  package var receivedActions: [ReceivedAction] { state.withLock { $0.log.actions } }

  /// All POST /info, in the order of arrival.
  package var receivedQuestions: [ReceivedQuestion] { state.withLock { $0.log.questions } }

  /// Weight spent since the start (§10).
  package var weightUsed: Int { state.withLock { $0.log.weight } }

  /// Faults that were injected, in order.
  package var injectedFaults: [VenueFault] { state.withLock { $0.faults.injected } }

  /// The orders of a client's name.
  package func orders(named cloid: String) -> [VenueOrder] { orders.filter { $0.cloid == cloid } }

  /// Waits until the venue fulfils a condition, such as having received an action.
  ///
  /// It blocks the calling thread. With ``VenueFault/silentBefore`` and
  /// ``VenueFault/silentAfter`` it finds the instant to kill a client at.
  ///
  /// - Parameters:
  ///   - limit: How long to wait at the most, real time.
  ///   - condition: Asked again and again.
  /// - Returns: Whether it was fulfilled within the limit.
  package func waits(
    atMost limit: Duration = .seconds(10), for condition: (VenueServer) -> Bool
  ) -> Bool {
    let end = ContinuousClock.now + limit
    while !condition(self) {
      guard ContinuousClock.now < end else { return false }
      usleep(500)
    }
    return true
  }

  // MARK: What is

  /// An account's books; `nil` = there is none.
  package func account(_ address: VenueAddress) -> VenueAccount? {
    state.withLock { state in
      state.settle()
      return state.accounts[address]
    }
  }

  /// What an account holds of a coin; `nil` when flat.
  package func position(_ account: VenueAddress, _ coin: Coin) -> VenuePosition? {
    self.account(account)?.held.first { $0.coin == coin }?.position
  }

  /// What an account holds, by coin.
  package func positions(_ account: VenueAddress) -> [(coin: Coin, position: VenuePosition)] {
    self.account(account)?.held ?? []
  }

  /// An account's raw USD, isolated positions' included.
  package func rawUSD(_ account: VenueAddress) -> USD { value(account).rawUSD }

  /// An account's equity at the present marks.
  package func equity(_ account: VenueAddress) -> USD { value(account).equity }

  /// All that an account is worth at the present marks.
  package func value(_ account: VenueAddress) -> AccountValue {
    state.withLock { state in
      state.settle()
      return state.value(of: account, at: state.processed)
    }
  }

  /// An account's orders that rest or wait, oldest first.
  package func openOrders(_ account: VenueAddress) -> [VenueOrder] {
    state.withLock { state in
      state.settle()
      return state.openOrders(of: account).map { state.orders[$0] }
    }
  }

  // MARK: Faults

  /// Injects a fault into the requests to come.
  ///
  /// - Parameters:
  ///   - fault: What goes wrong.
  ///   - target: With which requests.
  ///   - nth: How many of them go well before, counted from now.
  ///   - times: How many of them it then befalls.
  package func inject(
    _ fault: VenueFault, on target: FaultTarget, nth: Int = 0, times: Int = 1
  ) {
    state.withLock { $0.faults.add(fault, on: target, nth: nth, times: times) }
  }

  /// Injects faults into a share of the requests to come.
  ///
  /// - Parameters:
  ///   - faults: One of them is drawn each time.
  ///   - target: With which requests.
  ///   - probability: 0 to 1.
  ///   - seed: The draws follow from it and the order of arrival.
  package func injectRandomly(
    _ faults: [VenueFault], on target: FaultTarget, probability: Double, seed: UInt64
  ) {
    state.withLock { $0.faults.add(faults, on: target, probability: probability, seed: seed) }
  }

  /// Ends all faults to come.
  package func clearFaults() { state.withLock { $0.faults.clear() } }

  /// Sets whether more than 1200 weight per minute is answered with 429.
  package func enforceWeight(_ isEnforced: Bool) {
    state.withLock { $0.log.enforcesWeight = isEnforced }
  }
}
