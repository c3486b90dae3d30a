import Trading

/// Which requests a fault is for.
package enum FaultTarget: Sendable, Hashable {
  /// Every POST /exchange; with a type, actions of that type.
  case exchange(String?)
  /// Every POST /info; with a type, requests of that type.
  case info(String?)
  /// Every request.
  case any

  func covers(path: String, type: String) -> Bool {
    switch self {
    case .exchange(let wanted): path == "/exchange" && (wanted == nil || wanted == type)
    case .info(let wanted): path == "/info" && (wanted == nil || wanted == type)
    case .any: true
    }
  }
}

/// The faults to come.
struct FaultPlan: Sendable {
  private var rules: [Rule] = []
  private(set) var injected: [VenueFault] = []

  /// One line of the script.
  fileprivate struct Rule: Sendable {
    let target: FaultTarget
    var trigger: Trigger
    enum Trigger: Sendable {
      /// After so many more requests, then so many times.
      case counted(skip: Int, times: Int, VenueFault)
      /// With a probability, one of some.
      case random([VenueFault], probability: Double, SeededGenerator)
    }
  }

  mutating func add(_ fault: VenueFault, on target: FaultTarget, nth: Int, times: Int) {
    rules.append(Rule(target: target, trigger: .counted(skip: nth, times: times, fault)))
  }

  mutating func add(
    _ faults: [VenueFault], on target: FaultTarget, probability: Double, seed: UInt64
  ) {
    rules.append(
      Rule(
        target: target,
        trigger: .random(faults, probability: probability, SeededGenerator(seed: seed))))
  }

  mutating func clear() { rules = [] }

  /// The fault of the request that came now; `nil` = it goes well.
  ///
  /// Every rule that covers the request counts it; the first that strikes wins.
  mutating func next(path: String, type: String) -> VenueFault? {
    var found: VenueFault?
    for index in rules.indices where rules[index].target.covers(path: path, type: type) {
      let fault = rules[index].strike()
      found = found ?? fault
    }
    if let found { injected.append(found) }
    return found
  }
}

extension FaultPlan.Rule {
  fileprivate mutating func strike() -> VenueFault? {
    switch trigger {
    case .counted(let skip, let times, let fault):
      if skip > 0 {
        trigger = .counted(skip: skip - 1, times: times, fault)
        return nil
      }
      guard times > 0 else { return nil }
      trigger = .counted(skip: 0, times: times - 1, fault)
      return fault
    case .random(let faults, let probability, var generator):
      let strikes = generator.unit() < probability && !faults.isEmpty
      let fault = strikes ? faults[generator.below(faults.count)] : nil
      trigger = .random(faults, probability: probability, generator)
      return fault
    }
  }
}
