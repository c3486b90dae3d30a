/// Hides secret values in what is written or shown.
///
/// A value is hidden wherever it occurs: as it is, percent-encoded, or escaped as in JSON. Values
/// that overlap are hidden together.
package struct Redaction: Sendable {
  /// Each way a secret may be written; none is empty.
  private let forms: [[UInt8]]
  private let headerNames: Set<String>

  /// Characters a secret that is known from a request alone must have.
  private static let shortestOwnSecret = 6

  /// Configured values with fewer bytes are placeholders like `none` or `EMPTY`; taking such a word
  /// out of answers would harm them and protect nothing.
  package static let leastSecretBytes = 8

  /// What stands in place of a secret.
  package static let stars = "***"
  /// Header lines that are secret whatever they hold, in lower case.
  package static let secretHeaders: Set<String> = [
    "authorization", "proxy-authorization", "x-api-key", "api-key", "cookie", "set-cookie",
  ]

  /// A redaction of these values; empty ones are left out.
  ///
  /// - Parameters:
  ///   - secrets: Values that must not be seen.
  ///   - headers: Names of further header lines that are secret; case does not matter.
  package init(secrets: some Sequence<String>, headers: Set<String> = []) {
    self.init(
      forms: Self.forms(of: secrets),
      headerNames: Self.secretHeaders.union(headers.map { $0.lowercased() }))
  }

  private init(forms: [[UInt8]], headerNames: Set<String>) {
    self.forms = forms
    self.headerNames = headerNames
  }

  /// This redaction, which also hides what the secret headers of a request and the user part of its
  /// address hold.
  ///
  /// The last word of a header counts by itself, as the key in `Bearer KEY`. Values shorter than
  /// six characters are left out, because hiding them would spoil any text.
  func hiding(_ request: HTTPRequest) -> Redaction {
    let values = request.headers.filter { $0.isSecret || isSecret($0.name) }.map(\.value)
    let words = values.compactMap { $0.split(separator: " ").last.map(String.init) }
    let user = RequestAddress.user(of: request.url)
    let password = user?.split(separator: ":", maxSplits: 1).last
    let own = (values + words + [user, password].compactMap { $0.map(String.init) }).filter {
      $0.count >= Self.shortestOwnSecret
    }
    return Redaction(forms: forms + Self.forms(of: own), headerNames: headerNames)
  }

  /// The text with stars in place of secrets.
  package func text(_ text: String) -> String {
    forms.isEmpty ? text : String(decoding: bytes(Array(text.utf8)), as: UTF8.self)
  }

  /// The bytes with stars in place of secrets.
  package func bytes(_ bytes: [UInt8]) -> [UInt8] {
    let hidden = spans(in: bytes)
    guard !hidden.isEmpty else { return bytes }
    var shown: [UInt8] = []
    var index = 0
    for span in hidden {
      shown += bytes[index..<span.lowerBound]
      shown += Self.stars.utf8
      index = span.upperBound
    }
    return shown + bytes[index...]
  }

  /// The lines that are no secret, their values redacted.
  package func headers(_ headers: [HTTPHeader]) -> [HTTPHeader] {
    headers.filter { !$0.isSecret && !isSecret($0.name) }
      .map { HTTPHeader($0.name, text($0.value)) }
  }
}

extension Redaction {
  private func isSecret(_ name: String) -> Bool { headerNames.contains(name.lowercased()) }

  /// Where secrets lie, in order; what touches or overlaps is one.
  private func spans(in bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    for form in forms {
      for start in Self.positions(of: form, in: bytes) { found.append(start..<start + form.count) }
    }
    var merged: [Range<Int>] = []
    for span in found.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, span.lowerBound <= last.upperBound {
        merged[merged.count - 1] =
          last.lowerBound..<Swift.max(last.upperBound, span.upperBound)
      } else {
        merged.append(span)
      }
    }
    return merged
  }

  private static func positions(of form: [UInt8], in bytes: [UInt8]) -> [Int] {
    guard let first = form.first, form.count <= bytes.count else { return [] }
    return bytes.withUnsafeBufferPointer { bytes in
      form.withUnsafeBufferPointer { form in
        (0...bytes.count - form.count).filter { start in
          bytes[start] == first
            && (1..<form.count).allSatisfy { bytes[start + $0] == form[$0] }
        }
      }
    }
  }

  private static func forms(of secrets: some Sequence<String>) -> [[UInt8]] {
    Array(Set(secrets.filter { !$0.isEmpty }.flatMap { forms(of: Array($0.utf8)) }))
  }

  /// The ways a value may be written.
  private static func forms(of secret: [UInt8]) -> [[UInt8]] {
    let percent = [true, false].flatMap { isUpper in
      ["%20", "+"].map { percentEncoded(secret, space: $0, uppercase: isUpper) }
    }
    let json = [false, true].flatMap { slash in
      [false, true].flatMap { markup in
        [false, true].map { jsonEscaped(secret, slash: slash, markup: markup, ascii: $0) }
      }
    }
    return [secret] + percent + json
  }

  private static func percentEncoded(
    _ secret: [UInt8], space: String, uppercase: Bool
  ) -> [UInt8] {
    secret.flatMap { byte -> [UInt8] in
      switch byte {
      case 0x20: Array(space.utf8)
      case 48...57, 65...90, 97...122: [byte]
      case _ where "-._~".utf8.contains(byte): [byte]
      default: Array("%".utf8) + hex(UInt32(byte), digits: 2, uppercase: uppercase)
      }
    }
  }

  private static func jsonEscaped(
    _ secret: [UInt8], slash: Bool, markup: Bool, ascii: Bool
  ) -> [UInt8] {
    String(decoding: secret, as: UTF8.self).unicodeScalars.flatMap { scalar -> [UInt8] in
      switch scalar {
      case "\"", "\\": [0x5C, UInt8(truncatingIfNeeded: scalar.value)]
      case "\n": Array("\\n".utf8)
      case "\r": Array("\\r".utf8)
      case "\t": Array("\\t".utf8)
      case "/" where slash: Array("\\/".utf8)
      case "<" where markup, ">" where markup, "&" where markup: unicodeEscaped(scalar)
      case _ where scalar.value < 0x20 || ascii && !scalar.isASCII: unicodeEscaped(scalar)
      default: Array(String(Character(scalar)).utf8)
      }
    }
  }

  private static func unicodeEscaped(_ scalar: Unicode.Scalar) -> [UInt8] {
    String(Character(scalar)).utf16.flatMap {
      Array("\\u".utf8) + hex(UInt32($0), digits: 4, uppercase: false)
    }
  }

  private static func hex(_ number: UInt32, digits: Int, uppercase: Bool) -> [UInt8] {
    let text = String(number, radix: 16, uppercase: uppercase)
    return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
  }
}
