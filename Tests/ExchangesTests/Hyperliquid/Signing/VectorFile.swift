import Foundation
import Testing
import Trading

/// The files in `Vectors`, which its README describes.
enum VectorFile {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors")

  static func load(_ name: String) throws -> JSONValue {
    try JSONReader.value(of: [UInt8](Data(contentsOf: folder.appending(path: name))))
  }

  /// The rows of a list in a file.
  static func rows(_ name: String, _ list: String) throws -> [JSONValue] {
    try #require(load(name)[list]?.elements)
  }
}

extension JSONValue {
  /// The text of a member that must be there.
  func requiredText(_ name: String) throws -> String {
    try #require(self[name]?.text, "expected the text \(name) in \(document)")
  }

  /// The whole number of a member that must be there.
  func requiredWhole(_ name: String) throws -> Int {
    try #require(self[name]?.whole, "expected the number \(name) in \(document)")
  }

  /// The flag of a member that must be there.
  func requiredFlag(_ name: String) throws -> Bool {
    try #require(self[name]?.flag as Bool?, "expected the flag \(name) in \(document)")
  }
}

/// `0x` and lower-case digits, written apart from the code under test.
func hex(_ bytes: [UInt8]) -> String {
  "0x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// The bytes of hexadecimal digits, with or without `0x`.
func unhex(_ text: String) throws -> [UInt8] {
  let digits = Array(text.hasPrefix("0x") ? text.dropFirst(2) : text[...])
  return try stride(from: 0, to: digits.count, by: 2).map {
    try #require(UInt8(String(digits[$0..<$0 + 2]), radix: 16))
  }
}
