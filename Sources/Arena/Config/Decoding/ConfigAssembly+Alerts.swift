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
      !text.utf8.allSatisfy({ $0 != 0x2F && $0 != 0x3F && $0 != 0x23 })
    {
      reportForRun(
        section, "bot_token", "\(section.path).bot_token: expected a token, was something else",
        "copy it from @BotFather again")
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
    guard case .success(let text) = surroundings.secret(reference, environment) else { return }
    let shown = section.isWritten(key) ? key : "\(key)_file"
    guard let address = ServerAddress(String(text.prefix { $0 != "?" })) else {
      return reportForRun(
        section, shown,
        "\(join(section.path, shown)): expected an address that begins with https://, was "
          + "something else", "copy it again")
    }
    guard !address.isEncrypted, !address.isLoopback else { return }
    reportForRun(
      section, shown,
      "\(join(section.path, shown)): alerts would travel unencrypted to \(address.host)",
      "write https://")
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
      reportForRun(
        section, written == nil ? "\(key)_file" : key, "\(section.path): \(failure.problem)",
        failure.advice)
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
      if let problem = AlertHeader.problem(value, environment) {
        reportForRun(
          group, name, "\(join(group.path, name)): \(problem)",
          "set it to printable text without line breaks")
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
  /// The value; `nil` when ``problem(_:_:)`` has something to say.
  static func value(_ reference: SecretReference, _ environment: ConfigEnvironment) -> String? {
    guard problem(reference, environment) == nil else { return nil }
    return reference.resolved(in: environment)?.revealed()
  }

  /// What is wrong with it, without its text; `nil` = nothing.
  static func problem(_ reference: SecretReference, _ environment: ConfigEnvironment) -> String? {
    guard let secret = reference.resolved(in: environment)?.revealed(), !secret.isEmpty else {
      return "\(reference) is not set"
    }
    return secret.utf8.allSatisfy { (32...126).contains($0) }
      ? nil : "\(reference) has line breaks or letters beyond ASCII in it"
  }
}
