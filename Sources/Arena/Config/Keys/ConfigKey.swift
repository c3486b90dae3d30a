import Trading

/// One key of a configuration file: the table of these drives checking, decoding, `nof0 config`
/// and the JSON Schema alike.
struct ConfigKey: Sendable {
  let name: String
  let shape: Shape
  /// The text that stands when the file says nothing; `nil` = no default.
  var standard: String?
  var isRequired = false
  var use = Use.used
  /// An environment variable that wins over the file when it is not blank.
  var override: String?
  /// Another spelling, of nof0's files.
  var alias: String?
  /// What it does, in one sentence.
  let summary: String

  enum Shape: Sendable {
    case scalar(ScalarKind)
    /// A list of scalars with at least so many items, none twice.
    case list(ScalarKind, atLeast: Int)
    /// A program and its arguments: at least one text, any of them twice.
    case arguments
    /// A fixed set of keys. When optional, its defaults stand only if it is written.
    case section([ConfigKey], isOptional: Bool)
    /// Freely chosen names, each with the same keys.
    case named([ConfigKey])
    /// Freely chosen names, each with the keys of its `type`.
    case typed([TypeVariant])
    /// Freely chosen names, each with one value.
    case namedScalars(ScalarKind)
    /// A list of groups with the same keys, told apart by their `id`.
    case items([ConfigKey])
    /// Whatever: the key is ignored.
    case anything
  }

  enum Use: Sendable, Equatable {
    case used
    /// Checked, but nothing in this version uses it.
    case dormant
    /// A key of nof0 without a meaning here; the text says why or what instead.
    case meaningless(String)
  }

  /// The keys of providers of some type.
  struct TypeVariant: Sendable {
    let type: String
    let keys: [ConfigKey]
  }
}

/// What a scalar value may be.
enum ScalarKind: Sendable, Equatable {
  /// Any text.
  case text
  /// One of these words, case ignored.
  case word([String])
  /// A name of ``NamedID``'s form.
  case name
  /// A coin; may be blank for none when `orNone`.
  case coin(orNone: Bool)
  case flag
  case whole(ClosedRange<Int>)
  /// Eight decimals at most; `above` excludes the lower end itself.
  case decimal(from: Int64, to: Int64, above: Bool = false)
  /// A duration; zero or blank turn something off when `orZero`.
  case span(orZero: Bool)
  /// A duration above zero, or this word, case ignored.
  case spanOrWord(String)
  /// A duration within these bounds.
  case spanWithin(from: Span, to: Span)
  case secret
  /// The path of a file that holds a key; what looks like a key itself is refused unseen.
  case keyFile
  /// An account of an Ethereum-like venue: `0x` and 40 hex digits.
  case account
  /// The address of a server; see ``ServerAddress``.
  case address
  /// One argument of a program; shown as written, because a variable in it may be a secret.
  case argument
  /// The name of an environment variable.
  case variable
}

extension ConfigKey {
  static func key(
    _ name: String, _ kind: ScalarKind, use: Use = .used, override: String? = nil,
    _ summary: String
  ) -> ConfigKey {
    key(name, kind, nil, use: use, override: override, summary)
  }

  static func key(
    _ name: String, _ kind: ScalarKind, _ standard: String?, use: Use = .used,
    override: String? = nil, alias: String? = nil, _ summary: String
  ) -> ConfigKey {
    ConfigKey(
      name: name, shape: .scalar(kind), standard: standard, use: use, override: override,
      alias: alias, summary: summary)
  }

  static func required(_ name: String, _ kind: ScalarKind, _ summary: String) -> ConfigKey {
    ConfigKey(name: name, shape: .scalar(kind), isRequired: true, summary: summary)
  }

  static func section(
    _ name: String, _ keys: [ConfigKey], optional: Bool = false, _ summary: String
  ) -> ConfigKey {
    ConfigKey(name: name, shape: .section(keys, isOptional: optional), summary: summary)
  }

  static func meaningless(_ name: String, _ advice: String) -> ConfigKey {
    ConfigKey(
      name: name, shape: .anything, use: .meaningless(advice),
      summary: "No meaning here: \(advice).")
  }

  /// The keys as checked but unused ones, at every depth.
  static func dormant(_ keys: [ConfigKey]) -> [ConfigKey] {
    keys.map { key in
      var key = key
      if key.use == .used { key.use = .dormant }
      return key
    }
  }
}

extension ScalarKind {
  /// Whether the text is a value of this kind.
  func accepts(_ text: String) -> Bool {
    guard text.utf8.count <= 4096 else { return false }
    switch self {
    case .text, .secret, .argument: return true
    case .address: return ServerAddress(text) != nil
    case .keyFile: return !Self.hasHex(text, digits: 64)
    case .account: return text.hasPrefix("0x") && Self.hasHex(text, digits: 40)
    case .variable: return Self.isVariable(text)
    case .word(let words): return words.contains(text.lowercased())
    case .name: return ProviderID(text) != nil
    case .coin(let orNone): return Coin(text) != nil || orNone && text.isEmpty
    case .flag: return Self.flag(text) != nil
    case .whole(let range): return Self.whole(text).map(range.contains) == true
    case .decimal(let low, let high, let above):
      guard let number = Factor(text) else { return false }
      let isAboveLow = above ? number > Factor(whole: low) : number >= Factor(whole: low)
      return isAboveLow && number <= Factor(whole: high)
    case .span(let orZero):
      guard let span = Self.span(text) else { return false }
      return orZero || span > .zero
    case .spanOrWord(let word):
      return text.lowercased() == word || Self.span(text).map { $0 > .zero } == true
    case .spanWithin(let low, let high):
      return Self.span(text).map { $0 >= low && $0 <= high } == true
    }
  }

  /// Whether the text is just so many hex digits, `0x` before them or not.
  private static func hasHex(_ text: String, digits: Int) -> Bool {
    let lowered = text.lowercased()
    let hex = lowered.hasPrefix("0x") ? lowered.dropFirst(2) : lowered[...]
    return hex.utf8.count == digits
      && hex.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  /// Whether the text can be the name of an environment variable.
  private static func isVariable(_ text: String) -> Bool {
    let isDigit: (UInt8) -> Bool = { (48...57).contains($0) }
    let isLetter: (UInt8) -> Bool = {
      (65...90).contains($0) || (97...122).contains($0) || $0 == 95
    }
    return text.utf8.first.map(isLetter) == true
      && text.utf8.allSatisfy { isLetter($0) || isDigit($0) }
  }

  /// A whole number in plain digits.
  static func whole(_ text: String) -> Int? {
    // `Int("+5")` would read, and YAML writes it that way too; nothing else passes.
    Int(text)
  }

  /// `true` or `false` in the spellings of YAML 1.2.
  static func flag(_ text: String) -> Bool? {
    switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// A duration; long texts are refused before their parts could overflow.
  static func span(_ text: String) -> Span? { text.utf8.count <= 32 ? Span(text) : nil }

  /// Whether blank text is a value in itself rather than the absence of one.
  var keepsBlank: Bool { self == .coin(orNone: true) }

  /// What is expected, after the word "expected".
  var expectation: String {
    switch self {
    case .text: "text"
    case .secret: "a secret"
    case .address:
      "an address such as https://api.openai.com/v1, without user name, ? and #"
    case .argument: "text"
    case .variable: "the name of an environment variable"
    case .word(let words): "one of \(words.filter { !$0.isEmpty }.joined(separator: ", "))"
    case .name:
      "a name of letters, digits, dots, dashes and underscores (at most 64 characters)"
    case .coin: "a coin as the venue spells it"
    case .flag: "true or false"
    case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .decimal(let low, let high, let above):
      "a number \(above ? "above" : "from") \(low) \(above ? "and up " : "")to \(high)"
    case .span(let orZero): orZero ? "a duration, 0s for off" : "a duration above zero"
    case .spanOrWord(let word): "\(word) or a duration above zero"
    case .spanWithin(let low, let high): "a duration from \(low) to \(high)"
    case .keyFile: "the path of a file that holds the key"
    case .account: "0x and 40 hex digits"
    }
  }

  /// A value that would do.
  var example: String {
    switch self {
    case .text: "text"
    case .secret: "${NAME_OF_A_VARIABLE}"
    case .address: "https://api.openai.com/v1"
    case .argument: "/usr/bin/python3, trader.py"
    case .variable: "MY_SETTING"
    case .word(let words): words.first { !$0.isEmpty } ?? ""
    case .name: "my-name"
    case .coin: "BTC"
    case .flag: "true"
    case .whole(let range): String(max(range.lowerBound, min(3, range.upperBound)))
    case .decimal(let low, let high, _): String(max(low, min(2, high)))
    case .span: "3m"
    case .spanOrWord(let word): word
    case .spanWithin(let low, let high): "\(max(low, min(.seconds(10), high)))"
    case .keyFile: "agent.key"
    case .account: "0x0123456789abcdef0123456789abcdef01234567"
    }
  }

  /// Whether what was written may be a secret put into the wrong place, so that no message may
  /// show it.
  var mayHideSecret: Bool { self == .keyFile || self == .account }
}
