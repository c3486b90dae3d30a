/// The address of a server: `http` or `https`, host, port and path, and no secret.
struct ServerAddress: Sendable, Equatable {
  /// The address without slashes at its end.
  let text: String
  /// Whether what is sent travels encrypted.
  let isEncrypted: Bool
  /// The host in lower case; IPv6 without brackets.
  let host: String
  /// The port, that of the scheme when none is written.
  let port: Int

  /// Reads an address.
  ///
  /// `nil` for other schemes, and for one with a user name, query or fragment: what may be secret
  /// in them would be shown wherever the address is.
  init?(_ text: String) {
    let lowered = text.lowercased()
    guard lowered.utf8.allSatisfy({ (33...126).contains($0) }),
      !lowered.contains(where: { "@?#\\\"<>".contains($0) })
    else { return nil }
    isEncrypted = lowered.hasPrefix("https://")
    guard isEncrypted || lowered.hasPrefix("http://") else { return nil }
    let authority = lowered.dropFirst(isEncrypted ? 8 : 7).prefix { $0 != "/" }
    guard let (host, port) = Self.parts(of: authority, standard: isEncrypted ? 443 : 80) else {
      return nil
    }
    self.host = host
    self.port = port
    var shown = text
    while shown.hasSuffix("/") { shown.removeLast() }
    self.text = shown
  }

  /// Whether it is on this very machine.
  var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let bytes = host.split(separator: ".", omittingEmptySubsequences: false)
    return bytes.count == 4 && bytes.allSatisfy { UInt8($0) != nil } && bytes[0] == "127"
  }

  /// Whether both lead to the same server in the same way, so that one key fits both.
  func sharesOrigin(with other: ServerAddress) -> Bool {
    isEncrypted == other.isEncrypted && host == other.host && port == other.port
  }

  private static func parts(
    of authority: Substring, standard: Int
  ) -> (host: String, port: Int)? {
    var host = authority
    var port = standard
    let afterBracket = authority.lastIndex(of: "]") ?? authority.startIndex
    if let colon = authority[afterBracket...].lastIndex(of: ":") {
      let digits = authority[authority.index(after: colon)...]
      guard let number = UInt16(digits), number > 0, !digits.hasPrefix("+") else { return nil }
      host = authority[..<colon]
      port = Int(number)
    }
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      let isAddress = host.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
      return isAddress && host.contains(":") ? (String(host), port) : nil
    }
    let isName = host.utf8.allSatisfy {
      (48...57).contains($0) || (97...122).contains($0) || [45, 46, 95].contains($0)
    }
    return isName && !host.isEmpty ? (String(host), port) : nil
  }
}
