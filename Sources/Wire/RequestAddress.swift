/// The parts of a URL that may be shown and that decide how it is reached.
struct RequestAddress {
  /// The host without port and brackets.
  let host: String
  /// Whether it is reached over TLS.
  let isEncrypted: Bool

  /// An `http://` or `https://` address with a host; `nil` for anything else and for addresses with
  /// spaces or control characters, which must be percent-encoded.
  init?(_ url: String) {
    let scheme = url.prefix { $0 != ":" }.lowercased()
    guard scheme == "http" || scheme == "https", url.dropFirst(scheme.count).hasPrefix("://"),
      url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
    else { return nil }
    isEncrypted = scheme == "https"
    let authority = url.dropFirst(scheme.count + 3).prefix { !"/?#".contains($0) }
    let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    let name =
      place.hasPrefix("[")
      ? place.dropFirst().prefix { $0 != "]" } : place.prefix { $0 != ":" }
    guard !name.isEmpty else { return nil }
    host = String(name)
  }

  /// The URL as an error may show it: without user, password, query and fragment.
  static func shown(_ url: String) -> String {
    let plain = withoutUser(String(url.prefix { $0 != "?" && $0 != "#" }))
    return String(plain.prefix(200).map { $0.isWhitespace ? "␣" : $0 })
  }

  /// The URL with stars in place of user and password.
  static func withoutUser(_ url: String) -> String {
    guard let user = user(of: url) else { return url }
    return url[..<user.startIndex] + Redaction.stars + url[user.endIndex...]
  }

  /// User and password as the URL names them; `nil` for none.
  static func user(of url: String) -> Substring? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
    return authority.lastIndex(of: "@").map { authority[..<$0] }
  }
}
