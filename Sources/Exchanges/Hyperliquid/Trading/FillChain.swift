import Trading

/// Puts executions into the order they happened in.
///
/// Several of one coin may carry the same millisecond; then the size held before each of them
/// tells which came first.
enum FillChain {
  /// By time, then coin, then along the sizes held.
  static func sorted(_ fills: [VenueFill]) -> [VenueFill] {
    let rough = fills.sorted {
      ($0.at, $0.coin?.name ?? "", $0.tradeID, $0.orderNumber)
        < ($1.at, $1.coin?.name ?? "", $1.tradeID, $1.orderNumber)
    }
    var sorted: [VenueFill] = []
    var held: [Coin: SignedQuantity] = [:]
    var start = 0
    while start < rough.count {
      let first = rough[start]
      let end =
        rough[start...].firstIndex { $0.at != first.at || $0.coin != first.coin } ?? rough.count
      let linked = chain(Array(rough[start..<end]), from: first.coin.flatMap { held[$0] })
      if let coin = first.coin, let last = linked.last { held[coin] = last.endPosition }
      sorted += linked
      start = end
    }
    return sorted
  }

  /// Each fill behind the one that leaves the size it begins with; where none fits, as they came.
  private static func chain(_ fills: [VenueFill], from held: SignedQuantity?) -> [VenueFill] {
    guard fills.count > 1 else { return fills }
    let ends = Set(fills.map(\.endPosition))
    let starts = Set(fills.map(\.startPosition))
    let head = fills.first { !ends.contains($0.startPosition) } ?? fills[0]
    var position = held.flatMap { starts.contains($0) ? $0 : nil } ?? head.startPosition
    var rest = fills
    var chain: [VenueFill] = []
    while !rest.isEmpty {
      let next = rest.remove(at: rest.firstIndex { $0.startPosition == position } ?? 0)
      chain.append(next)
      position = next.endPosition
    }
    return chain
  }
}

extension VenueFill {
  /// The size held afterwards.
  var endPosition: SignedQuantity { startPosition + size.signed(side) }
}
