import FoundationEssentials
import GRDB
import Market
import Trading

/// A value that fits one column of a table.
protocol Column {
  /// The value as SQLite keeps it.
  var stored: DatabaseValue { get }

  /// The value that SQLite kept; `nil` when it is not one of this type.
  init?(stored: DatabaseValue)

  /// Binds the value to a parameter, counted from 1; returns an SQLite result code.
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32

  /// The value of a column, counted from 0, of the row a statement stands on; `nil` when it is not
  /// one of this type.
  static func read(_ statement: OpaquePointer, _ index: Int32) -> Self?
}

extension Column {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    stored.bind(to: statement, at: index)
  }

  static func read(_ statement: OpaquePointer, _ index: Int32) -> Self? {
    Self(stored: DatabaseValue(sqliteStatement: statement, index: index))
  }
}

extension Int64: Column {
  var stored: DatabaseValue { databaseValue }

  init?(stored: DatabaseValue) {
    guard case .int64(let number) = stored.storage else { return nil }
    self = number
  }
}

extension Int: Column {
  var stored: DatabaseValue { databaseValue }

  init?(stored: DatabaseValue) {
    guard case .int64(let number) = stored.storage else { return nil }
    self.init(exactly: number)
  }
}

extension Int32: Column {
  var stored: DatabaseValue { databaseValue }

  init?(stored: DatabaseValue) {
    guard case .int64(let number) = stored.storage else { return nil }
    self.init(exactly: number)
  }
}

extension Bool: Column {
  var stored: DatabaseValue { databaseValue }

  init?(stored: DatabaseValue) {
    guard case .int64(let number) = stored.storage, number == 0 || number == 1 else { return nil }
    self = number == 1
  }
}

extension Double: Column {
  var stored: DatabaseValue { databaseValue }

  init?(stored: DatabaseValue) {
    guard case .double(let number) = stored.storage else { return nil }
    self = number
  }
}

extension String: Column {
  var stored: DatabaseValue { databaseValue }

  init?(stored: DatabaseValue) {
    guard case .string(let text) = stored.storage else { return nil }
    self = text
  }
}

extension [UInt8]: Column {
  var stored: DatabaseValue { Data(self).databaseValue }

  init?(stored: DatabaseValue) {
    guard case .blob(let data) = stored.storage else { return nil }
    self.init(data)
  }
}

extension Optional: Column where Wrapped: Column {
  var stored: DatabaseValue { self?.stored ?? .null }

  init?(stored: DatabaseValue) {
    if stored.isNull {
      self = Wrapped?.none
    } else {
      guard let value = Wrapped(stored: stored) else { return nil }
      self = .some(value)
    }
  }
}

extension Column where Self: ExactDecimal {
  var stored: DatabaseValue { description.databaseValue }

  init?(stored: DatabaseValue) {
    guard case .string(let text) = stored.storage else { return nil }
    self.init(text)
  }
}

extension Column where Self: NamedID {
  var stored: DatabaseValue { name.databaseValue }

  init?(stored: DatabaseValue) {
    guard case .string(let text) = stored.storage else { return nil }
    self.init(text)
  }
}

extension Column where Self: RawRepresentable, RawValue == String {
  var stored: DatabaseValue { rawValue.databaseValue }

  init?(stored: DatabaseValue) {
    guard case .string(let text) = stored.storage else { return nil }
    self.init(rawValue: text)
  }
}

extension USD: Column {}
extension Price: Column {}
extension Quantity: Column {}
extension SignedQuantity: Column {}
extension Factor: Column {}
extension Bps: Column {}

extension TraderID: Column {}
extension ProviderID: Column {}
extension AccountID: Column {}
extension Coin: Column {}

extension OrderSide: Column {}
extension PositionSide: Column {}
extension OrderPurpose: Column {}
extension TimeInForce: Column {}
extension FillCause: Column {}
extension TraderStatus: Column {}
extension DecisionAction: Column {}
extension AdmissionVerdict: Column {}
extension AlertSeverity: Column {}
extension SimOrderStatus: Column {}
extension CallPurpose: Column {}
extension CallStatus: Column {}
extension BreachAction: Column {}
extension ConflictKind: Column {}
extension ConflictStrategy: Column {}
extension Timeframe: Column {}

extension TransferID: Column {
  var stored: DatabaseValue { text.databaseValue }

  init?(stored: DatabaseValue) {
    guard case .string(let text) = stored.storage else { return nil }
    self.init(text)
  }
}

extension ModelAlias: Column {
  var stored: DatabaseValue { name.databaseValue }

  init?(stored: DatabaseValue) {
    guard case .string(let text) = stored.storage else { return nil }
    self.init(text)
  }
}

extension Timestamp: Column {
  var stored: DatabaseValue { ms.databaseValue }

  init?(stored: DatabaseValue) {
    guard let ms = Int64(stored: stored) else { return nil }
    self.init(ms: ms)
  }
}

extension CivilDay: Column {
  var stored: DatabaseValue { number.databaseValue }

  init?(stored: DatabaseValue) {
    guard let number = Int64(stored: stored) else { return nil }
    self.init(number: number)
  }
}

extension FundingRate: Column {
  var stored: DatabaseValue { description.databaseValue }

  init?(stored: DatabaseValue) {
    guard case .string(let text) = stored.storage else { return nil }
    self.init(text)
  }
}

extension ClientOrderID: Column {
  var stored: DatabaseValue { text.databaseValue }

  init?(stored: DatabaseValue) {
    guard case .string(let text) = stored.storage else { return nil }
    self.init(text)
  }
}
