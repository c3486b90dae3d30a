package import Trading

/// Orders as signed bytes.
extension HyperliquidExchange {
  /// The whole signed request that sends an order; `nil` without a key, for another account, and
  /// for a coin that is not known in this process.
  package func seal(_ intent: OrderIntent) -> [UInt8]? {
    let request = intent.request
    guard let signer, request.account == access.account,
      let asset = knownUniverse?[request.coin]
    else { return nil }
    let order = WireOrder(
      asset: asset.index, isBuy: request.side == .buy, price: request.limitPrice,
      size: request.size, reduceOnly: request.reduceOnly, kind: Self.kind(of: request),
      id: request.clientOrderID)
    return signer.request(
      .order([order], grouping: .na), nonce: intent.nonce, expiresAt: intent.expiresAt)
  }

  /// Why an order has no bytes.
  func reasonUnsealed(_ request: OrderRequest) -> String {
    guard access.key != nil else { return "there is no key for account \(access.account)" }
    guard let universe = knownUniverse else { return "the list of assets was not read" }
    guard universe[request.coin] != nil else { return "the venue has no coin \(request.coin)" }
    return "it has no bytes on record"
  }

  private static func kind(of request: OrderRequest) -> WireOrder.Kind {
    switch request.kind {
    case .limit(_, .immediateOrCancel): .limit(tif: .ioc)
    case .limit(_, .goodTilCancelled): .limit(tif: .gtc)
    case .trigger(let price, _):
      .trigger(isMarket: true, at: price, isStop: request.purpose != .target)
    }
  }
}
