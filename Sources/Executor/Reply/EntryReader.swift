import Trading

/// Reads one decision of a reply; never guesses a number, an action or a coin.
struct EntryReader {
  /// What was noted.
  private(set) var notes = ReplyNotes()

  private let entry: ReplyEntry
  private let coins: [Coin]
  private var values: [DecisionField: JSONValue] = [:]
  private var closedSide: PositionSide?
  private var conflicts: Set<DecisionField> = []
  private var malformed: [String] = []

  private static let actionAliases: [String: DecisionAction] = [
    "open_long": .buyToEnter, "open_short": .sellToEnter, "close_long": .close,
    "close_short": .close, "close_position": .close, "wait": .hold,
  ]

  /// A reader of an entry under the coins on offer.
  init(_ entry: ReplyEntry, coins: [Coin]) {
    self.entry = entry
    self.coins = coins
    for member in entry.members { collect(member) }
  }

  /// The decision; `nil` when it is not clear what it wants or with which coin.
  mutating func decision() -> Decision? {
    guard let action = readAction() else { return nil }
    guard let coin = readCoin(for: action) else { return nil }
    var decision = Decision(action, coin: coin.value)
    decision.closedSide = closedSide
    decision.leverage = readWhole(.leverage, for: action)
    decision.positionSize = readAmount(.positionSize, for: action)
    decision.entryPrice = readPrice(.entryPrice, for: action)
    decision.stopLoss = readPrice(.stopLoss, for: action)
    decision.takeProfit = readPrice(.takeProfit, for: action)
    decision.riskUSD = readAmount(.riskUSD, for: action)
    decision.confidence = readConfidence(for: action)
    decision.closeFraction = readFraction(for: action)
    decision.invalidation = readText(.invalidation)
    decision.reasoning = readText(.reasoning)
    decision.malformedFields = malformed
    nameMissing(in: decision)
    return decision
  }

  // MARK: Fields

  private mutating func collect(_ member: JSONMember) {
    guard let (field, alias) = DecisionField.named(member.name, &notes) else {
      return notes.add(.extraFields)
    }
    if let alias { notes.add(.alias(alias)) }
    guard member.value != .null else { return }
    guard let known = values[field] else {
      values[field] = member.value
      return
    }
    guard known != member.value, field != .reasoning, field != .invalidation else { return }
    conflicts.insert(field)
    problem(
      field, "one value", "both \(Self.text(of: known)) and \(Self.text(of: member.value))")
  }

  private mutating func readAction() -> DecisionAction? {
    guard !conflicts.contains(.signal) else { return nil }
    let text = values[.signal]?.text ?? ""
    if let action = DecisionAction(rawValue: text) { return action }
    let folded = text.utf8.count > 80 ? text : PlainText.folded(text, &notes)
    if let action = DecisionAction(rawValue: folded) { return action }
    let word = PlainText.word(folded)
    if let action = Self.actionAliases[word] {
      notes.add(.alias(word))
      if action == .close {
        closedSide = word.hasSuffix("_long") ? .long : word.hasSuffix("_short") ? .short : nil
      }
      return action
    }
    if let action = DecisionAction(rawValue: word) {
      notes.add(.alias("signal_spelling"))
      return action
    }
    let known = DecisionAction.allCases.map(\.rawValue).joined(separator: ", ")
    problem(.signal, "one of \(known)", values[.signal].map(Self.text) ?? "missing")
    return nil
  }

  /// The coin, or none for a hold that names none; `nil` when there must be one.
  private mutating func readCoin(for action: DecisionAction) -> (value: Coin?, isNamed: Bool)? {
    guard !conflicts.contains(.symbol) else { return nil }
    let own = values[.symbol].map { $0.text ?? "" }
    let names = [own, entry.key].compactMap { $0 }.filter { !$0.isEmpty }
    guard !names.isEmpty else {
      guard action == .hold else {
        problem(.symbol, "a coin", values[.symbol].map(Self.text) ?? "missing")
        return nil
      }
      notes.add(.holdWithoutSymbol)
      return (nil, false)
    }
    var found: [Coin] = []
    for name in names {
      switch ReplySymbol(name, coins: coins, &notes) {
      case .coin(let coin): found.append(coin)
      case .problem(let text):
        notes.add("\(entry.path).symbol: \(text)")
        return nil
      }
    }
    guard let coin = found.first, found.allSatisfy({ $0 == coin }) else {
      let words = found.map(\.name).joined(separator: " and ")
      problem(.symbol, "the coin it stands under", "both \(words)")
      return nil
    }
    return (coin, true)
  }

  // MARK: Numbers

  /// The exact number of a field.
  ///
  /// `nil` when it is missing, or broken, which is then noted.
  private mutating func number(
    _ field: DecisionField, for action: DecisionAction
  ) -> JSONDecimal? {
    guard let value = values[field] else { return nil }
    guard !conflicts.contains(field) else {
      if Self.matters(field, to: action) { malformed.append(field.rawValue) }
      return nil
    }
    switch value {
    case .number(let digits): if let decimal = JSONDecimal(digits) { return decimal }
    case .text(let text) where text.utf8.count <= 400:
      if let decimal = JSONDecimal(PlainText.folded(text, &notes)) {
        notes.add(.numberAsText)
        return decimal
      }
    case .null, .flag, .text, .array, .object: break
    }
    refuse(field, for: action, "a plain number")
    return nil
  }

  private mutating func steps(
    _ field: DecisionField, for action: DecisionAction, roundedDown isDown: Bool
  ) -> Int64? {
    guard let decimal = number(field, for: action) else { return nil }
    guard
      let (steps, isExact) = decimal.steps(
        decimals: exactDecimalDigits, roundedDown: isDown)
    else {
      refuse(field, for: action, "a number within range")
      return nil
    }
    if !isExact { notes.add(.roundedTo8Decimals) }
    return steps
  }

  private mutating func readPrice(_ field: DecisionField, for action: DecisionAction) -> Price? {
    guard let steps = steps(field, for: action, roundedDown: false) else { return nil }
    if let price = Price(mantissa: steps) { return price }
    // nof0's contract has no null: zero stands for an entry price that is not given.
    if !(field == .entryPrice && steps == 0) { refuse(field, for: action, "a number above 0") }
    return nil
  }

  /// An amount as given; one that is not above zero is kept for admission to refuse.
  private mutating func readAmount(_ field: DecisionField, for action: DecisionAction) -> USD? {
    guard let steps = steps(field, for: action, roundedDown: true) else { return nil }
    if steps <= 0, field == .positionSize { refuse(field, for: action, "a number above 0") }
    return USD(mantissa: steps)
  }

  private mutating func readWhole(_ field: DecisionField, for action: DecisionAction) -> Int? {
    guard let decimal = number(field, for: action) else { return nil }
    guard let whole = decimal.whole else {
      refuse(field, for: action, "a whole number")
      return nil
    }
    if whole < 1 { refuse(field, for: action, "a whole number above 0") }
    return whole
  }

  private mutating func readConfidence(for action: DecisionAction) -> Int? {
    guard let decimal = number(.confidence, for: action) else { return nil }
    guard let (steps, isExact) = decimal.steps(decimals: 8, roundedDown: true) else {
      refuse(.confidence, for: action, "a number 0 to 100")
      return nil
    }
    if steps > 0, steps < exactDecimalScale {
      notes.add(.confidenceFraction)
      return Int(steps / (exactDecimalScale / 100))
    }
    let whole = Int(ExactMath.divide(Int128(steps), by: Int128(exactDecimalScale), .floor))
    if !isExact || steps % exactDecimalScale != 0 { notes.add(.confidenceRounded) }
    if !(0...100).contains(whole) { refuse(.confidence, for: action, "a number 0 to 100") }
    return whole
  }

  private mutating func readFraction(for action: DecisionAction) -> Factor {
    guard values[.closeFraction] != nil else { return .one }
    guard let steps = steps(.closeFraction, for: action, roundedDown: true) else { return .one }
    if steps <= 0 || steps > exactDecimalScale {
      refuse(.closeFraction, for: action, "a number above 0, at most 1")
    }
    return Factor(mantissa: steps)
  }

  /// Whether an action acts on a number; the others may hold anything.
  private static func matters(_ field: DecisionField, to action: DecisionAction) -> Bool {
    switch action {
    case .buyToEnter, .sellToEnter: field != .closeFraction
    case .updateProtection: field == .stopLoss || field == .takeProfit
    case .close: field == .closeFraction
    case .hold: false
    }
  }

  /// Notes a number that cannot be meant, unless the action does not act on it.
  private mutating func refuse(
    _ field: DecisionField, for action: DecisionAction, _ expected: String
  ) {
    guard Self.matters(field, to: action), !malformed.contains(field.rawValue) else { return }
    malformed.append(field.rawValue)
    problem(field, expected, values[field].map(Self.text) ?? "missing")
  }

  /// Names what every entry needs and this one lacks; admission refuses it for the same reason.
  private mutating func nameMissing(in decision: Decision) {
    guard decision.action.entrySide != nil else { return }
    for field in [DecisionField.leverage, .positionSize] where values[field] == nil {
      problem(field, field == .leverage ? "a whole number" : "a number above 0", "missing")
    }
  }

  // MARK: Words

  private mutating func readText(_ field: DecisionField) -> String {
    guard let value = values[field] else { return "" }
    if value.text == nil { notes.add(.textFromValue) }
    let text = value.text ?? value.document
    guard text.utf8.count > ReplyReader.maxTextLength else { return text }
    let scalars = text.unicodeScalars
    guard
      let end = scalars.index(
        scalars.startIndex, offsetBy: ReplyReader.maxTextLength, limitedBy: scalars.endIndex),
      end != scalars.endIndex
    else { return text }
    notes.add(.textCut)
    return String(text[..<end])
  }

  private mutating func problem(_ field: DecisionField, _ expected: String, _ was: String) {
    notes.add("\(entry.path).\(field.rawValue): expected \(expected), was \(was)")
  }

  private static func text(of value: JSONValue) -> String {
    switch value {
    case .text(let text): PlainText.quoted(text)
    case .number(let digits): digits.utf8.count <= 40 ? digits : "a number of many digits"
    case .flag, .null, .array, .object: value.kind
    }
  }
}
