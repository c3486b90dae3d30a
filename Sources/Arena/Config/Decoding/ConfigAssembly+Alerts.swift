import Manager
import Trading

extension ConfigAssembly {
  /// Who is told of alerts; `nil` when something in it was refused.
  mutating func alertSection() -> AlertSection? {
    guard let section = sections[.arena]?.section("alerts"),
      let thresholds = section.section("thresholds").flatMap(AlertThresholds.init),
      let repeatAfter = section.span("repeat_after"), let group = section.section("channels")
    else { return nil }
    var channels: [AlertChannelDraft] = []
    if let slack = group.section("slack") {
      channels += channel(slack) { assembly in
        assembly.address(slack, "webhook_url").map { .slack($0) }
      }
    }
    if let webhook = group.section("webhook") {
      channels += channel(webhook) { assembly in
        let address = assembly.address(webhook, "url")
        let headers = assembly.headers(webhook)
        return address.map { .webhook($0, headers: headers) }
      }
    }
    if let telegram = group.section("telegram") {
      channels += channel(telegram) { $0.telegram(telegram) }
    }
    return AlertSection(
      repeatAfter: repeatAfter.unlessZero, thresholds: thresholds,
      channels: channels + managerWebhook())
  }

  private mutating func channel(
    _ section: Section, _ door: (inout ConfigAssembly) -> AlertChannelDraft.Door?
  ) -> [AlertChannelDraft] {
    guard let door = door(&self),
      let least = section.word("min_severity").flatMap(AlertSeverity.init(rawValue:))
    else { return [] }
    return [AlertChannelDraft(name: section.name, leastSeverity: least, door: door)]
  }

  /// nof0's `monitoring.alert_webhook`, which nof0 never used: a Slack webhook that is told of all.
  ///
  /// As in nof0 a variable that is not set means none.
  private mutating func managerWebhook() -> [AlertChannelDraft] {
    guard let section = sections[.manager]?.section("monitoring"),
      let reference = section.secret("alert_webhook")
    else { return [] }
    if case .failure(let failure) = surroundings.secret(reference, environment) {
      notice(
        section, "alert_webhook",
        "monitoring.alert_webhook: \(failure.problem), so that nobody is told of alerts there",
        failure.advice)
      return []
    }
    checkAddress(reference, section, "alert_webhook")
    return [
      AlertChannelDraft(name: "alert_webhook", leastSeverity: .low, door: .slack(reference))
    ]
  }

  private mutating func telegram(_ section: Section) -> AlertChannelDraft.Door? {
    guard let token = secret(section, "bot_token"), let chat = section.text("chat_id"),
      let base = section.address("base_url")
    else { return nil }
    guard base.isEncrypted || base.isLoopback else {
      error(
        section, "base_url",
        "\(section.path).base_url: the token would travel unencrypted to \(base.host)",
        "write https://")
      return nil
    }
    if case .success(let text) = surroundings.secret(token, environment),
      let failure = AlertAddress.failure(ofToken: text)
    {
      silence(section, "bot_token", failure)
    }
    return .telegram(token: token, chat: chat, baseURL: base.text)
  }

  /// Where the address of a webhook is.
  private mutating func address(_ section: Section, _ key: String) -> SecretReference? {
    guard let reference = secret(section, key) else { return nil }
    checkAddress(reference, section, key)
    return reference
  }

  /// Reports a secret that is no address; never shows it.
  private mutating func checkAddress(
    _ reference: SecretReference, _ section: Section, _ key: String
  ) {
    guard case .success(let text) = surroundings.secret(reference, environment),
      let failure = AlertAddress.failure(of: text)
    else { return }
    silence(section, section.isWritten(key) ? key : "\(key)_file", failure)
  }

  /// Notes that a channel cannot be told; no run stays away because of that.
  private mutating func silence(_ section: Section, _ key: String, _ failure: SecretFailure) {
    notice(
      section, key,
      "\(join(section.path, key)): \(failure.problem), so that nobody is told of alerts there",
      failure.advice)
  }

  /// A secret under a key, or in the file of `KEY_file`; one of them must be there.
  private mutating func secret(_ section: Section, _ key: String) -> SecretReference? {
    let written = section.secret(key)
    let file = section.text("\(key)_file")
    if written != nil, file != nil {
      error(
        section, "\(key)_file", "\(section.path).\(key)_file and \(key) are both written",
        "keep one of them")
    }
    guard
      let reference = written
        ?? file.map({
          .file(path: surroundings.path($0, in: sections[.arena]?.name ?? "nof0.yaml"))
        })
    else {
      report(
        section, "\(section.path).\(key) is missing",
        "add \(key): ${A_VARIABLE} and set that variable in the environment or in .env")
      return nil
    }
    if case .failure(let failure) = surroundings.secret(reference, environment) {
      silence(section, written == nil ? "\(key)_file" : key, failure)
    }
    return reference
  }

  private mutating func headers(_ section: Section) -> [AlertChannelDraft.Header] {
    guard let group = section.section("headers") else { return [] }
    return group.fields.compactMap { name, _ in
      guard let value = group.secret(name) else { return nil }
      guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte) else {
        error(
          group, name, "\(group.path): expected the name of a header, was \(quoted(name))",
          "use letters, digits and dashes")
        return nil
      }
      do throws(SecretFailure) {
        _ = try AlertHeader.value(value, environment)
      } catch {
        silence(group, name, error)
      }
      return AlertChannelDraft.Header(name: name, value: value)
    }
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      || byte == 45 || byte == 95
  }
}

/// The value of a header line of a webhook: unlike a key it may have spaces in it.
enum AlertHeader {
  /// The value.
  ///
  /// - Throws: What is wrong with it, without its text.
  static func value(
    _ reference: SecretReference, _ environment: ConfigEnvironment
  ) throws(SecretFailure) -> String {
    let advice = "set it to printable text without line breaks"
    guard let secret = reference.resolved(in: environment)?.revealed(), !secret.isEmpty else {
      throw SecretFailure(problem: "\(reference) is not set", advice: advice)
    }
    guard secret.utf8.allSatisfy({ (32...126).contains($0) }) else {
      throw SecretFailure(
        problem: "\(reference) has line breaks or letters beyond ASCII in it", advice: advice)
    }
    return secret
  }
}
