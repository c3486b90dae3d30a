/// A name made of letters, digits, dots, dashes and underscores, unique within its kind.
///
/// Such a name is one path segment of an export file, a JSON key and a log field at once.
package protocol NamedID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The name as written in the configuration.
  var name: String { get }

  /// The id of that name; `nil` when the name is not allowed.
  init?(_ name: String)
}

extension NamedID {
  /// The name.
  package var description: String { name }

  /// Whether the left name sorts first, by Unicode scalars.
  package static func < (left: Self, right: Self) -> Bool {
    left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
  }

  /// Whether a name starts with a letter or digit, continues with those, `.`, `_` and `-`, and has
  /// at most 64 characters.
  static func admits(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= 64, isAlphanumeric(first) else {
      return false
    }
    return name.utf8.allSatisfy { isAlphanumeric($0) || $0 == 45 || $0 == 46 || $0 == 95 }
  }
}

/// Whether a byte is an ASCII letter or digit.
func isAlphanumeric(_ byte: UInt8) -> Bool {
  (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
}

/// The id of one trader, a virtual account; it never changes.
package struct TraderID: NamedID {
  /// The id as written in the configuration.
  package let name: String

  /// The id of that name; `nil` unless it is a single path segment (``NamedID``).
  package init?(_ name: String) {
    guard Self.admits(name) else { return nil }
    self.name = name
  }
}

/// The name of a configured exchange or market provider.
package struct ProviderID: NamedID {
  /// The id as written in the configuration.
  package let name: String

  /// The id of that name; `nil` unless it is a single path segment (``NamedID``).
  package init?(_ name: String) {
    guard Self.admits(name) else { return nil }
    self.name = name
  }
}

/// One account at a venue: a provider and the account's name there.
package struct AccountID: NamedID {
  /// The id; for a simulated exchange with one account per trader it is `PROVIDER.TRADER`.
  package let name: String

  /// The id of that name; `nil` unless it is a single path segment of at most 64 characters.
  package init?(_ name: String) {
    guard Self.admits(name) else { return nil }
    self.name = name
  }
}

/// A coin with a perpetual contract, as the venue spells it: `BTC`, `kPEPE`.
///
/// Case matters.
package struct Coin: NamedID {
  /// The venue's name of the coin.
  package let name: String
  /// The first eight letters, the first of them in the highest byte, zeros behind.
  ///
  /// Coins are what books and prices are looked up by, and nearly all are told apart by it:
  /// hashing and comparing names was a tenth of a back-test.
  private let letters: UInt64

  /// The coin of that name; `nil` unless it is made of ASCII letters and digits only.
  package init?(_ name: String) {
    guard !name.isEmpty, name.utf8.count <= 20, name.utf8.allSatisfy(isAlphanumeric) else {
      return nil
    }
    self.name = name
    var letters: UInt64 = 0
    for (index, letter) in name.utf8.prefix(8).enumerated() {
      letters |= UInt64(letter) << UInt64(56 - 8 * index)
    }
    self.letters = letters
  }

  /// Whether the letters say all there is of the name.
  private var isShort: Bool { letters & 0xFF == 0 }

  /// Whether two coins have one name.
  package static func == (left: Coin, right: Coin) -> Bool {
    left.letters == right.letters && (left.isShort || left.name == right.name)
  }

  /// Hashes what most names differ in.
  package func hash(into hasher: inout Hasher) { hasher.combine(letters) }

  /// Whether the left name sorts first, by Unicode scalars.
  package static func < (left: Coin, right: Coin) -> Bool {
    guard left.letters == right.letters else { return left.letters < right.letters }
    return !left.isShort && left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
  }

  /// Whether the coin is one of the two majors with a leverage limit of their own (BTC, ETH).
  package var isMajor: Bool { name == "BTC" || name == "ETH" }
}

/// The number of a cycle of this arena, counted from 1.
package typealias CycleNumber = Int64

/// The number of a run row, counted from 1; a cycle that was killed and repeated has two runs.
package typealias RunNumber = Int64

/// The number of a position of this arena, counted from 1 and never used again.
package typealias PositionNumber = Int64
