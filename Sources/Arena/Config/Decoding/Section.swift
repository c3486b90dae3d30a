import Trading

/// A group of keys after checking: every value that is there has the form its key demands.
///
/// The accessors give `nil` only for what is absent and has no default, and for what was refused
/// with an error; a decoder that meets `nil` where a value is needed just gives up, because the
/// issue is on record.
struct Section: Sendable {
  /// Its key or freely chosen name.
  let name: String
  /// Its path, for example `traders.random.risk_params`; empty for a whole file.
  let path: String
  /// Where it stands; for one that is not written, where the group around it stands.
  let place: ConfigPlace
  /// Written keys in file order, then defaults in the order of the table.
  var fields: [(name: String, field: Field)] = []
  /// The keys that the file gives a value, accepted or refused.
  var stated: Set<String> = []

  indirect enum Field: Sendable {
    case scalar(Setting)
    case list([Setting])
    case section(Section)
    /// Groups under freely chosen names, in file order.
    case sections([Section])
  }

  subscript(_ name: String) -> Field? { fields.first { $0.name == name }?.field }
}

/// One checked scalar.
struct Setting: Sendable {
  /// The path of its key.
  let path: String
  /// Its text with variables replaced; for a secret, where it is to be found.
  let text: String
  /// Where it stands; for a default, where the group around it stands.
  let place: ConfigPlace
  let origin: Origin
  var secret: SecretReference?
  /// What `nof0 config` shows in place of ``text``; `nil` = the text.
  var shown: String?

  enum Origin: Sendable, Equatable {
    case file
    case standard
    case environment(String)
  }
}

extension Section {
  func setting(_ name: String) -> Setting? {
    guard case .scalar(let setting) = self[name] else { return nil }
    return setting
  }

  /// Where a key's value stands, or else the group.
  func place(of name: String) -> ConfigPlace {
    switch self[name] {
    case .scalar(let setting): setting.place
    case .list(let items): items.first?.place ?? place
    case .section(let section): section.place
    case .sections, nil: place
    }
  }

  func text(_ name: String) -> String? { setting(name)?.text }

  func word(_ name: String) -> String? { text(name)?.lowercased() }

  func flag(_ name: String) -> Bool? { text(name).flatMap(ScalarKind.flag) }

  func whole(_ name: String) -> Int? { text(name).flatMap(ScalarKind.whole) }

  func span(_ name: String) -> Span? { text(name).flatMap(ScalarKind.span) }

  func usd(_ name: String) -> USD? { text(name).flatMap { USD($0) } }

  func pct(_ name: String) -> Pct? { text(name).flatMap { Pct($0) } }

  func bps(_ name: String) -> Bps? { text(name).flatMap { Bps($0) } }

  func factor(_ name: String) -> Factor? { text(name).flatMap { Factor($0) } }

  func provider(_ name: String) -> ProviderID? { text(name).flatMap { ProviderID($0) } }

  func trader(_ name: String) -> TraderID? { text(name).flatMap { TraderID($0) } }

  func secret(_ name: String) -> SecretReference? { setting(name)?.secret }

  /// The address of a server.
  func address(_ name: String) -> ServerAddress? { text(name).flatMap { ServerAddress($0) } }

  /// Whether the file states the key.
  func isWritten(_ name: String) -> Bool {
    switch self[name] {
    case .scalar(let setting): setting.origin != .standard
    case .list, .section, .sections: true
    case nil: false
    }
  }

  /// The texts of a list; `nil` when it is absent.
  func texts(_ name: String) -> [String]? {
    guard case .list(let items) = self[name] else { return nil }
    return items.map(\.text)
  }

  /// The coins of a list; `nil` when it is absent.
  func coins(_ name: String) -> [Coin]? { texts(name)?.compactMap { Coin($0) } }

  func section(_ name: String) -> Section? {
    guard case .section(let section) = self[name] else { return nil }
    return section
  }

  /// Groups under freely chosen names; empty when there are none.
  func sections(_ name: String) -> [Section] {
    guard case .sections(let sections) = self[name] else { return [] }
    return sections
  }
}

extension ExactDecimal {
  /// The value, or `nil` when it is zero and zero means "off".
  var unlessZero: Self? { mantissa == 0 ? nil : self }
}

extension Int {
  /// The number, or `nil` when it is zero and zero means "off".
  var unlessZero: Int? { self == 0 ? nil : self }
}

extension Span {
  /// The length, or `nil` when it is zero and zero means "off".
  var unlessZero: Span? { self == .zero ? nil : self }
}
