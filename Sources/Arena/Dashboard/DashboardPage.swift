import CDashboard

/// The dashboard: one HTML file that shows the files of `data/` beside it.
///
/// Its sources are `Sources/CDashboard/Page`; the compiler puts them into the program as they are.
package enum DashboardPage {
  /// The page with its style and script inlined, always the same bytes.
  ///
  /// Its content security policy allows this style and this script by their SHA-256 digests and
  /// no other, no request but to the page's own server, and no HTML made from text.
  package static func render() -> [UInt8] {
    let style = bytes(of: nof0_dashboard_style())
    let script = bytes(of: nof0_dashboard_script())
    return filled(
      bytes(of: nof0_dashboard_page()),
      [
        "style": style, "script": script,
        "style-digest": base64(SHA256Digest.bytes(of: style)),
        "script-digest": base64(SHA256Digest.bytes(of: script)),
      ])
  }

  private static func bytes(of part: nof0_dashboard_part) -> [UInt8] {
    Array(UnsafeBufferPointer(start: part.bytes, count: part.count))
  }

  /// A template with each `{{name}}` replaced by the part of that name.
  private static func filled(_ template: [UInt8], _ parts: [String: [UInt8]]) -> [UInt8] {
    var page: [UInt8] = []
    page.reserveCapacity(template.count + parts.values.reduce(0) { $0 + $1.count })
    var rest = template[...]
    while let open = position(of: "{{", in: rest) {
      guard let close = position(of: "}}", in: rest[open...]) else {
        preconditionFailure("expected }} after {{ in index.html, was none")
      }
      let name = String(decoding: rest[open + 2..<close], as: UTF8.self)
      guard let part = parts[name] else {
        preconditionFailure("expected a part of the page in index.html, was {{\(name)}}")
      }
      page += rest[..<open] + part
      rest = rest[(close + 2)...]
    }
    return page + rest
  }

  /// Where the first of two equal bytes stands.
  private static func position(of pair: String, in bytes: ArraySlice<UInt8>) -> Int? {
    let pair = Array(pair.utf8)
    return bytes.indices.dropLast().first {
      bytes[$0] == pair[0] && bytes[$0 + 1] == pair[1]
    }
  }

  /// Bytes in base 64 with padding (RFC 4648 §4).
  private static func base64(_ bytes: [UInt8]) -> [UInt8] {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        text.append(
          place <= group.count ? letters[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return text
  }
}
