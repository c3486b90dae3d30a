import CZlib
import FoundationEssentials
import GRDB

/// A text as it is kept in a BLOB: packed by zlib when that was worth it, else as it is.
///
/// The first byte tells which: 0 = UTF-8 follows; 1 = four bytes with the length in UTF-8, lowest
/// byte first, and a zlib stream follow.
struct PackedText: Column {
  /// The text.
  let text: String
  private let bytes: [UInt8]

  /// A text as it is.
  init(loose text: String) {
    self.text = text
    bytes = [Self.plain] + text.utf8
  }

  /// A text packed, unless it is short or grows by that.
  init(packing text: String) {
    let packed = text.utf8.count < Self.shortest ? nil : Self.packed(text)
    self.text = text
    bytes = packed ?? [Self.plain] + text.utf8
  }

  /// Bytes it takes in the database.
  var count: Int { bytes.count }

  var stored: DatabaseValue { Data(bytes).databaseValue }

  init?(stored: DatabaseValue) {
    guard case .blob(let data) = stored.storage else { return nil }
    // SQLite gives an empty BLOB for none; ours have at least their first byte.
    let bytes = [UInt8](data)
    guard let text = Self.text(of: bytes) else { return nil }
    self.text = text
    self.bytes = bytes
  }

  // MARK: Bytes

  private static let plain: UInt8 = 0
  private static let zlib: UInt8 = 1
  private static let headBytes = 5
  /// UTF-8 bytes from which on packing pays.
  static let shortest = 256
  /// UTF-8 bytes that a text may have once unpacked: whatever claims more is damaged.
  private static let longest = 256 << 20
  /// Level 1 takes 0.14 ms for a prompt of 10 kB and leaves 45 %; level 6 0.28 ms and 42 %.
  private static let level: Int32 = 1

  private static func packed(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { utf8 -> [UInt8]? in
      guard utf8.count <= longest else { return nil }
      let packed = [UInt8](unsafeUninitializedCapacity: headBytes + utf8.count) { buffer, count in
        var length = uLongf(utf8.count)
        let end = buffer.baseAddress.map { $0 + headBytes }
        guard compress2(end, &length, utf8.baseAddress, uLong(utf8.count), level) == Z_OK else {
          count = 0  // It would grow.
          return
        }
        buffer[0] = zlib
        for index in 0..<4 { buffer[1 + index] = UInt8(utf8.count >> (8 * index) & 0xFF) }
        count = headBytes + Int(length)
      }
      return packed.isEmpty || packed.count > utf8.count ? nil : packed
    }
  }

  private static func text(of bytes: [UInt8]) -> String? {
    switch bytes.first {
    case plain: return String(validating: bytes.dropFirst(), as: UTF8.self)
    case zlib:
      guard bytes.count > headBytes else { return nil }
      let size = (0..<4).reduce(0) { $0 | Int(bytes[1 + $1]) << (8 * $1) }
      guard size <= longest else { return nil }
      let utf8 = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        var length = uLongf(size)
        let status = bytes.withUnsafeBufferPointer { source in
          uncompress(
            buffer.baseAddress, &length, source.baseAddress.map { $0 + headBytes },
            uLong(source.count - headBytes))
        }
        count = status == Z_OK && length == size ? size : 0
      }
      return utf8.count == size ? String(validating: utf8, as: UTF8.self) : nil
    default: return nil
    }
  }
}

/// Packs texts while its allowance lasts, so that a commit of very many is not slow.
///
/// What it leaves loose is packed later by ``StateStore/tidyConversations(limit:)``.
struct TextPacker {
  /// UTF-8 bytes it still packs: 256 KiB take about 4 ms.
  private(set) var allowance = 256 << 10
  /// The system texts that this commit has met and their rows, by fingerprint.
  var systems: [Int64: (text: String, row: Int64)] = [:]

  /// Packs a text, or leaves it loose.
  mutating func pack(_ text: String) -> PackedText {
    guard allowance > 0 else { return PackedText(loose: text) }
    allowance -= text.utf8.count
    return PackedText(packing: text)
  }
}

/// A number that equal texts share; different ones seldom do.
func fingerprint(of text: String) -> Int64 {
  var text = text
  return text.withUTF8 { utf8 in
    Int64(crc32_z(0, utf8.baseAddress, utf8.count)) << 24 ^ Int64(utf8.count)
  }
}
