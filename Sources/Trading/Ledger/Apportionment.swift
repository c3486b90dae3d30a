/// Splits what belongs to several traders so that nothing is lost and nothing is made.
package enum Apportionment {
  /// Splits a size by weights, each part on the lot grid and within its weight.
  ///
  /// Each gets its pro-rata part rounded down to the lot; what is left goes, a lot at a time, to
  /// those whose part was cut most, the first at a tie; a rest finer than a lot goes to the first
  /// with room. A part never passes its weight.
  ///
  /// - Parameters:
  ///   - size: What is split; at most the sum of the weights.
  ///   - weights: What each may get at the most, in the order of precedence.
  ///   - lot: The grid.
  /// - Returns: One part per weight, summing up to `size` exactly.
  package static func split(
    _ size: Quantity, among weights: [Quantity], lot: Quantity
  ) -> [Quantity] {
    let total = weights.reduce(Int128(0)) { $0 + Int128($1.mantissa) }
    precondition(
      Int128(size.mantissa) <= total, "expected weights of at least \(size), were \(weights)")
    guard total > 0 else { return weights.map { _ in .zero } }
    let step = max(1, lot.mantissa)
    var parts: [Int64] = []
    var cuts: [(index: Int, cut: Int128)] = []
    for (index, weight) in weights.enumerated() {
      let exact = Int128(size.mantissa) * Int128(weight.mantissa)
      let part = Int64(exact / total) / step * step
      parts.append(part)
      cuts.append((index, exact - Int128(part) * total))
    }
    var rest = size.mantissa - parts.reduce(0, +)
    let order = cuts.sorted { $0.cut == $1.cut ? $0.index < $1.index : $0.cut > $1.cut }
    while rest > 0 {
      let before = rest
      for (index, _) in order where rest > 0 {
        let room = weights[index].mantissa - parts[index]
        let given = min(rest, min(step, room))
        parts[index] += given
        rest -= given
      }
      precondition(rest < before, "expected room for \(rest), was none")
    }
    return parts.compactMap { Quantity(mantissa: $0) }
  }
}

extension Fill {
  /// The parts of a fill that add up to its size; the fee is split pro rata, the rounding going to
  /// the last part.
  ///
  /// - Parameter sizes: The size of each part, above zero, summing up to the fill's.
  /// - Returns: One part per size.
  package func parts(_ sizes: [Quantity]) -> [Fill] {
    var restFee = fee
    var rest = size
    return sizes.map { part in
      let share =
        part == rest
        ? restFee
        : USD(
          mantissa: ExactMath.scale(
            restFee.mantissa, by: part.mantissa, over: rest.mantissa, .halfEven))
      restFee -= share
      rest = rest.less(part)
      return Fill(
        id: id, account: account, coin: coin, side: side, price: price, size: part, fee: share,
        isTaker: isTaker, at: at, orderID: orderID, clientOrderID: clientOrderID, cause: cause)
    }
  }
}

extension FundingPayment {
  /// The parts of a payment for positions that add up to its size; the amount is split pro rata,
  /// the rounding going to the last part.
  ///
  /// - Parameter sizes: The signed size of each part, summing up to the payment's.
  /// - Returns: One part per size.
  package func parts(_ sizes: [SignedQuantity]) -> [FundingPayment] {
    var rest = amount
    return sizes.enumerated().map { index, part in
      let isLast = index == sizes.count - 1
      let share =
        isLast || size == .zero
        ? (isLast ? rest : .zero)
        : USD(
          mantissa: ExactMath.scale(
            amount.mantissa, by: part.mantissa, over: size.mantissa, .halfEven))
      rest -= share
      return FundingPayment(
        account: account, coin: coin, at: at, size: part, rate: rate, amount: share)
    }
  }
}
