import Trading
import Wire

/// A channel that is told of alerts, its secrets resolved.
package struct AlertChannel: Sendable {
  /// How it is told.
  enum Door: Sendable {
    case slack(url: String)
    case webhook(url: String, headers: [HTTPHeader])
    case telegram(url: String, chat: String)
  }

  /// Its name.
  let name: String
  /// It is told of alerts at least that urgent.
  let least: AlertSeverity
  let door: Door
  /// What must be seen nowhere.
  let secrets: [String]

  /// A channel as configured.
  ///
  /// - Parameters:
  ///   - draft: What is configured.
  ///   - environment: The variables, those of `.env` added.
  /// - Throws: Why a secret cannot be had.
  package init(
    _ draft: AlertChannelDraft, _ environment: ConfigEnvironment
  ) throws(SecretFailure) {
    name = draft.name
    least = draft.leastSeverity
    switch draft.door {
    case .slack(let reference):
      let url = try Self.address(reference, environment)
      door = .slack(url: url)
      secrets = Self.secrets(of: url)
    case .webhook(let reference, let headers):
      let url = try Self.address(reference, environment)
      var lines: [HTTPHeader] = []
      for header in headers {
        let value = try AlertHeader.value(header.value, environment)
        lines.append(HTTPHeader(header.name, value, isSecret: true))
      }
      door = .webhook(url: url, headers: lines)
      secrets = Self.secrets(of: url) + lines.flatMap { Self.secrets(ofHeader: $0.value) }
    case .telegram(let reference, let chat, let baseURL):
      let token = try SecretReader.read(reference, environment)
      if let failure = AlertAddress.failure(ofToken: token) { throw failure }
      door = .telegram(url: "\(baseURL)/bot\(token)/sendMessage", chat: chat)
      secrets = [token]
    }
  }

  /// An address that messages may travel to.
  private static func address(
    _ reference: SecretReference, _ environment: ConfigEnvironment
  ) throws(SecretFailure) -> String {
    let url = try SecretReader.read(reference, environment)
    if let failure = AlertAddress.failure(of: url) { throw failure }
    return url
  }

  /// The address, and what of it a server may repeat: its path, the last part of that, its query
  /// and the values in there, as they are and decoded.
  private static func secrets(of url: String) -> [String] {
    guard let scheme = url.firstRange(of: "://"),
      let slash = url[scheme.upperBound...].firstIndex(where: { $0 == "/" || $0 == "?" })
    else { return [url] }
    let rest = url[slash...].prefix { $0 != "#" }
    let path = rest.prefix { $0 != "?" }
    let query = rest.dropFirst(path.count).dropFirst()
    let items = query.split(separator: "&").map { item in
      item.contains("=") ? item.drop { $0 != "=" }.dropFirst() : item
    }
    let parts = [rest, path, path.split(separator: "/").last ?? "", query] + items
    return [url] + longEnough(parts.map(String.init).flatMap { [$0, AlertAddress.decoded($0)] })
  }

  /// The value of a header line, and what stands after the first word, as after `Bearer`.
  private static func secrets(ofHeader value: String) -> [String] {
    [value] + longEnough(value.split(separator: " ").dropFirst().map(String.init))
  }

  /// Shorter parts are no secrets, and hiding them (as `/`) would spoil every text.
  private static func longEnough(_ parts: [String]) -> [String] {
    parts.filter { $0.utf8.count >= Redaction.leastSecretBytes }
  }

  /// Whether an answer of this status means that the message itself is refused, so that it will
  /// never be taken, rather than that the channel does not work.
  func isRefusal(_ status: Int) -> Bool {
    switch door {
    case .slack, .webhook: [400, 413, 422].contains(status)
    // 400 says there that the chat is not known, which a person can put right.
    case .telegram: false
    }
  }

  /// The request that delivers a message.
  func request(
    for delivery: AlertDelivery, arena: String, timeout: Duration
  ) -> HTTPRequest {
    let url: String
    var headers = [HTTPHeader("Content-Type", "application/json")]
    let body: [UInt8]
    switch door {
    case .slack(let address):
      url = address
      body = AlertPayload.slack(delivery, arena: arena)
    case .webhook(let address, let lines):
      url = address
      headers += lines
      body = AlertPayload.json(delivery, arena: arena)
    case .telegram(let address, let chat):
      url = address
      body = AlertPayload.telegram(delivery, arena: arena, chat: chat)
    }
    return HTTPRequest(
      .post, url: url, headers: headers, body: body, timeout: timeout, connectTimeout: timeout,
      maxResponseBytes: 64 << 10)
  }
}
