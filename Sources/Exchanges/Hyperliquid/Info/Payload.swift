import Trading

/// What is wrong with an answer, and where: `[3].px: expected a price, was "abc"`.
struct PayloadProblem: Error, CustomStringConvertible {
  /// Where, from the root: `order.sz` or `[3].px`; empty = the whole answer.
  let path: String
  /// What was expected and what was there.
  let problem: String

  init(_ path: String, _ problem: String) {
    self.path = path
    self.problem = problem
  }

  var description: String { path.isEmpty ? problem : "\(path): \(problem)" }

  /// The same problem seen from the value around.
  func inside(_ outer: String) -> PayloadProblem {
    if path.isEmpty { return PayloadProblem(outer, problem) }
    return PayloadProblem(path.hasPrefix("[") ? outer + path : "\(outer).\(path)", problem)
  }
}

/// Reads members of an answer strictly; unknown ones do not matter.
///
/// A member that is null counts as absent. Numbers may be texts, as the venue writes them, or JSON
/// numbers, and are never read by way of binary floating point. Money is rounded to the venue's
/// 1e-6, prices and sizes to 1e-8, half to even: what lies beyond is the venue's float noise.
struct Payload {
  let value: JSONValue

  /// Twenty billion dollars: a few of them still add up to what ``USD`` holds.
  private static let mostMicroUSD: Int64 = 20_000_000_000_000_000

  init(_ value: JSONValue) { self.value = value }

  /// The elements of a list, each read by the closure; problems tell the index.
  func each<Row>(
    _ read: (Payload) throws(PayloadProblem) -> Row
  ) throws(PayloadProblem) -> [Row] {
    guard let elements = value.elements else { throw expected("", "a list", value) }
    var rows: [Row] = []
    rows.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      do throws(PayloadProblem) {
        rows.append(try read(Payload(element)))
      } catch {
        throw error.inside("[\(index)]")
      }
    }
    return rows
  }

  /// Reads a member that must be there; problems tell its name.
  func inside<Inner>(
    _ name: String, _ read: (Payload) throws(PayloadProblem) -> Inner
  ) throws(PayloadProblem) -> Inner {
    guard let member = member(name) else { throw expected(name, "a value", value[name]) }
    do throws(PayloadProblem) { return try read(Payload(member)) } catch {
      throw error.inside(name)
    }
  }

  /// A member; `nil` when absent or null.
  func member(_ name: String) -> JSONValue? {
    guard let member = value[name], member != .null else { return nil }
    return member
  }

  /// Whether a member is there and not null.
  func has(_ name: String) -> Bool { member(name) != nil }

  // MARK: Members that must be there

  func text(_ name: String) throws(PayloadProblem) -> String {
    guard let text = member(name)?.text else { throw expected(name, "a text", value[name]) }
    return text
  }

  func whole(_ name: String) throws(PayloadProblem) -> Int64 {
    guard let whole = member(name)?.whole else {
      throw expected(name, "a whole number", value[name])
    }
    return Int64(whole)
  }

  /// A time in ms, from 1970 to the year 9999.
  func time(_ name: String) throws(PayloadProblem) -> Timestamp {
    let ms = try whole(name)
    guard (0..<253_402_300_800_000).contains(ms) else {
      throw expected(name, "a time in ms", value[name])
    }
    return Timestamp(ms: ms)
  }

  func price(_ name: String) throws(PayloadProblem) -> Price {
    guard let price = Self.decimal(member(name), as: Price.self) else {
      throw expected(name, "a price above zero", value[name])
    }
    return price
  }

  func size(_ name: String) throws(PayloadProblem) -> Quantity {
    guard let size = Self.decimal(member(name), as: Quantity.self) else {
      throw expected(name, "a size", value[name])
    }
    return size
  }

  func signedSize(_ name: String) throws(PayloadProblem) -> SignedQuantity {
    guard let size = Self.decimal(member(name), as: SignedQuantity.self) else {
      throw expected(name, "a signed size", value[name])
    }
    return size
  }

  func money(_ name: String) throws(PayloadProblem) -> USD {
    guard let steps = Self.steps(member(name), decimals: 6), abs(steps) <= Self.mostMicroUSD else {
      throw expected(name, "an amount of USD", value[name])
    }
    return USD(mantissa: steps * 100)
  }

  /// An hourly rate as a fraction, rounded to 1e-12.
  func rate(_ name: String) throws(PayloadProblem) -> FundingRate {
    guard let steps = Self.steps(member(name), decimals: 12) else {
      throw expected(name, "a rate", value[name])
    }
    return FundingRate(trillionths: steps)
  }

  /// A fee given as a fraction of the notional.
  func fee(_ name: String) throws(PayloadProblem) -> Bps {
    // 1e-8 of a basis point is 1e-12 of the whole.
    guard let steps = Self.steps(member(name), decimals: 12) else {
      throw expected(name, "a fraction", value[name])
    }
    return Bps(mantissa: steps)
  }

  /// A number for statistics.
  func number(_ name: String) throws(PayloadProblem) -> Double {
    guard let digits = Self.digits(member(name)), JSONDecimal(digits) != nil,
      let number = Double(digits), number.isFinite
    else { throw expected(name, "a number", value[name]) }
    return number
  }

  func side(_ name: String) throws(PayloadProblem) -> OrderSide {
    switch member(name)?.text {
    case "B": return .buy
    case "A": return .sell
    case nil, .some: throw expected(name, "\"B\" or \"A\"", value[name])
    }
  }

  func address(_ name: String) throws(PayloadProblem) -> EthereumAddress {
    guard let address = member(name)?.text.flatMap({ EthereumAddress($0) }) else {
      throw expected(name, "an address", value[name])
    }
    return address
  }
}

extension Payload {
  // MARK: Members that may be absent

  func flag(_ name: String) throws(PayloadProblem) -> Bool {
    guard let member = member(name) else { return false }
    guard let flag = member.flag else { throw expected(name, "true or false", member) }
    return flag
  }

  /// A price; `nil` when absent or zero, as the venue writes prices that do not exist.
  func optionalPrice(_ name: String) throws(PayloadProblem) -> Price? {
    guard let member = member(name) else { return nil }
    guard let steps = Self.steps(member, decimals: exactDecimalDigits) else {
      throw expected(name, "a price", member)
    }
    return Price(mantissa: steps)
  }

  /// Reads a member that may be absent.
  func ifPresent<Inner>(
    _ name: String, _ read: (String) throws(PayloadProblem) -> Inner
  ) throws(PayloadProblem) -> Inner? {
    has(name) ? try read(name) : nil
  }

  /// Our id of an order; `nil` when there is none or it has not the form of ours.
  var clientOrderID: ClientOrderID? {
    member("cloid")?.text.flatMap { ClientOrderID($0.lowercased()) }
  }

  /// A coin we can trade; `nil` for spot pairs, outcomes, other dexes and odd names.
  func coin(_ name: String = "coin") throws(PayloadProblem) -> Coin? { Coin(try text(name)) }

  // MARK: Problems

  func expected(_ path: String, _ what: String, _ found: JSONValue?) -> PayloadProblem {
    PayloadProblem(path, "expected \(what), was \(Self.shown(found))")
  }

  private static func shown(_ value: JSONValue?) -> String {
    switch value {
    case nil: "absent"
    case .some(.text(let text)): "\"\(Excerpt.of(text, atMost: 40))\""
    case .some(.number(let digits)): Excerpt.of(digits, atMost: 40)
    case .some(let value): value.kind
    }
  }

  // MARK: Decimals

  private static func digits(_ value: JSONValue?) -> String? {
    switch value {
    case .some(.text(let text)): text
    case .some(.number(let digits)): digits
    case nil, .some(.null), .some(.flag), .some(.array), .some(.object): nil
    }
  }

  private static func decimal<Value: ExactDecimal>(
    _ value: JSONValue?, as type: Value.Type
  ) -> Value? {
    // Nearly all have at most eight decimals; rounding takes several allocations.
    if let digits = digits(value), let exact = Value(digits) { return exact }
    return steps(value, decimals: exactDecimalDigits).flatMap { Value(mantissa: $0) }
  }

  static func steps(_ value: JSONValue?, decimals: Int) -> Int64? {
    digits(value).flatMap { JSONDecimal($0) }?.steps(decimals: decimals, roundedDown: false)?.steps
  }
}
