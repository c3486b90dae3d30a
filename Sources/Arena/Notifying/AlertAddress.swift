/// What the secrets of channels must be like, so that messages can travel there.
enum AlertAddress {
  /// Why messages cannot be sent to an address; `nil` = they can.
  static func failure(of text: String) -> SecretFailure? {
    guard let address = ServerAddress(String(text.prefix { $0 != "?" })) else {
      return SecretFailure(
        problem: "expected an address that begins with https://, was something else",
        advice: "copy it again")
    }
    guard !address.isEncrypted, !address.isLoopback else { return nil }
    return SecretFailure(
      problem: "alerts would travel unencrypted to \(address.host)", advice: "write https://")
  }

  /// Why a text is no token of a Telegram bot; `nil` = it can be one.
  static func failure(ofToken text: String) -> SecretFailure? {
    guard text.utf8.contains(where: { [0x2F, 0x3F, 0x23].contains($0) }) else { return nil }
    return SecretFailure(
      problem: "expected a token, was something else", advice: "copy it from @BotFather again")
  }

  /// A part of an address with `%41` read as `A`.
  static func decoded(_ part: String) -> String {
    var bytes: [UInt8] = []
    var rest = part.utf8[...]
    while let byte = rest.popFirst() {
      if byte == 0x25, rest.count >= 2, let code = UInt8(Substring(rest.prefix(2)), radix: 16) {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
