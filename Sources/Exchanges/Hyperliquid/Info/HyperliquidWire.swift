import Trading
package import Wire

/// Sends signed actions: `POST /exchange`, each once (protocol fact sheet §4).
///
/// A connection is never used twice: a request that died on an old one would be sent again by the
/// library below (§14). Bodies are neither logged nor shown; they hold signatures.
package struct HyperliquidWire: Sendable {
  private let transport: any HTTPTransport
  private let baseURL: String
  private let timeout: Duration
  private let clock: VenueClock
  private let budget: WeightBudget

  /// A sender.
  ///
  /// - Parameters:
  ///   - transport: The door to the network.
  ///   - baseURL: Without path and without a slash at the end.
  ///   - timeout: For the exchange, and for waiting until the limit per minute admits it.
  ///   - clock: Learns the venue's time from the answers.
  ///   - budget: The limit per minute, shared by everything that talks to the venue.
  package init(
    transport: any HTTPTransport, baseURL: String, timeout: Duration, clock: VenueClock,
    budget: WeightBudget
  ) {
    self.transport = transport
    self.baseURL = baseURL
    self.timeout = timeout
    self.clock = clock
    self.budget = budget
  }

  /// Sends the bytes once, whatever comes of it.
  ///
  /// - Parameter body: The whole JSON document of the request, signed.
  /// - Returns: What is certain. Time-outs, 429, 5xx and everything that cannot be read are
  ///   ``ExchangeAnswer/unknown(_:)``.
  package func send(_ body: [UInt8]) async -> ExchangeAnswer {
    // An order never waits behind what is only read; the venue itself says when it is too much.
    budget.charge(Self.weight(of: body))
    let sentAt = clock.ours()
    do throws(WireError) {
      let response = try await transport.send(
        HTTPRequest(
          .post, url: baseURL + "/exchange",
          headers: [HTTPHeader("Content-Type", "application/json")], body: body, timeout: timeout,
          keepsAlive: false))
      clock.learn(from: response, sentAt: sentAt, receivedAt: clock.ours())
      if response.isTooMany { budget.penalise() }
      return ExchangeAnswer(response)
    } catch {
      return error.mayHaveArrived ? .unknown(error.description) : .notSent(error.description)
    }
  }

  /// 1 and one more for every 40 orders, cancels or changes (fact sheet §10).
  private static func weight(of body: [UInt8]) -> Int {
    // Bytes that are not JSON cost as much as one order; the venue says what is wrong with them.
    guard let action = (try? JSONReader.value(of: body))?["action"] else { return 1 }
    let lists = ["orders", "cancels", "modifies"].compactMap { action[$0]?.elements?.count }
    return 1 + (lists.max() ?? 0) / 40
  }
}
