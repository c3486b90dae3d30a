import LLM
import Trading

extension ConfigAssembly {
  /// Where a model is asked, and where its key is; `nil` when it cannot be, which is reported.
  mutating func door(
    _ section: Section, _ api: ModelAPI, _ llm: Section
  ) -> (place: String, key: SecretReference?)? {
    guard api != .scripted else { return script(section).map { ($0, nil) } }
    if section.isWritten("script") {
      notice(
        section, "script", "\(section.path).script has no effect on api \(api.rawValue)",
        "remove it, or write api: scripted")
    }
    guard let common = llm.address("base_url") else { return nil }
    let own = section.address("base_url")
    // A refused address has its own issue.
    if own == nil, section.stated.contains("base_url") { return nil }
    let address = own ?? common
    if own == nil {
      derive(section, "base_url", address.text, "base_url of llm.yaml")
    }
    if let own = key(section, in: .llm) {
      checkEncryption(address, section)
      return (address.text, own)
    }
    return (address.text, inheritedKey(llm, address))
  }

  /// The key beside `base_url` of llm.yaml, for the server it leads to and no other.
  mutating func inheritedKey(_ llm: Section, _ address: ServerAddress) -> SecretReference? {
    guard let common = llm.address("base_url"), common.sharesOrigin(with: address),
      let reference = key(llm, in: .llm)
    else { return nil }
    checkEncryption(common, llm)
    noticeForeignKey(llm, common)
    return reference
  }

  /// As in nof0 `ZENMUX_API_KEY` wins; somebody who asks another server should know.
  private mutating func noticeForeignKey(_ llm: Section, _ address: ServerAddress) {
    guard case .environment(let variable)? = llm.setting("api_key")?.origin,
      llm.stated.contains("api_key"), llm.setting("base_url")?.origin == .file,
      address.host != "zenmux.ai"
    else { return }
    let problem =
      "\(variable) of the environment wins over api_key, so it is sent to \(address.host)"
    guard !issues.contains(where: { $0.problem == problem }) else { return }
    notice(
      llm, "api_key", problem, "unset it, or give the models base_url and api_key of their own")
  }

  /// Where the key of a group is: a variable, or a file relative to the one it is written in.
  mutating func key(_ section: Section, in file: ConfigFile) -> SecretReference? {
    let written = section.secret("api_key")
    guard let path = section.text("api_key_file") else { return written }
    if let written {
      if section.setting("api_key")?.origin == .file {
        errorOnce(
          section, "api_key_file",
          "\(join(section.path, "api_key_file")) and api_key are both written", "keep one of them")
      }
      return written
    }
    return .file(path: surroundings.path(path, in: sections[file]?.name ?? file.rawValue))
  }

  /// Refuses an address that a key would reach where everybody on the way can read it.
  mutating func checkEncryption(_ address: ServerAddress, _ section: Section) {
    guard !address.isEncrypted, !address.isLoopback else { return }
    errorOnce(
      section, "base_url",
      "\(join(section.path, "base_url")): a key would travel unencrypted to \(address.host)",
      "write https://, or remove the key")
  }

  private mutating func script(_ section: Section) -> String? {
    for key in ["base_url", "api_key", "api_key_file"] where section.isWritten(key) {
      notice(section, key, "\(section.path).\(key) has no effect on api scripted", "remove it")
    }
    guard let written = section.text("script") else {
      error(
        section, "api", "\(section.path).script is missing, api scripted needs it",
        "add script: with the path of a file of answers")
      return nil
    }
    let path = surroundings.path(written, in: sections[.llm]?.name ?? "")
    guard isFile(path, section, "script") else { return nil }
    return path
  }

  /// Whether there is a file; reports when not.
  mutating func isFile(_ path: String, _ section: Section, _ key: String) -> Bool {
    switch surroundings.kind(path) {
    case .file, .program: return true
    case .absent:
      error(
        section, key, "\(join(section.path, key)): the file \(path) does not exist",
        "correct the path, which is relative to the directory of this file")
    case .folder:
      error(
        section, key, "\(join(section.path, key)): \(path) is a folder", "name a file in it")
    }
    return false
  }

  /// Tells which keys a run would lack, once for each model that some trader may ask.
  mutating func checkModelKeys() {
    for alias in models.users.keys.sorted() {
      guard let model = models[alias], model.api != .scripted,
        let address = ServerAddress(model.baseURL), let llm = sections[.llm]
      else { continue }
      let section = models.sections[alias] ?? llm
      let who = asking(alias)
      if let reference = model.apiKey {
        guard case .failure(let failure) = surroundings.secret(reference, environment) else {
          continue
        }
        let owner = section.isWritten("api_key") || section.isWritten("api_key_file")
        let holder = owner ? section : llm
        let key = holder.isWritten("api_key") ? "api_key" : "api_key_file"
        reportForRun(holder, key, "\(who): \(failure.problem)", failure.advice)
      } else if address.isEncrypted, !address.isLoopback {
        let group = section.path.isEmpty ? "llm.yaml" : section.path
        reportForRun(
          section, "api_key", "\(who) at \(address.text), for which no key is named",
          "add api_key: ${A_VARIABLE} to \(group) and set that variable in the environment or "
            + "in .env")
      } else if !address.isLoopback {
        notice(
          section, "base_url", "questions to model \(alias) travel unencrypted to \(address.host)",
          "use https:// unless you trust everybody on the way")
      }
    }
  }

  /// Tells that a run would lack the key of an address behind which a trader decides.
  mutating func checkExecutorKey(_ id: TraderID, _ url: ServerAddress, _ section: Section) {
    guard let reference = key(section, in: .manager) else { return }
    checkEncryption(url, section)
    executorKeys[id] = reference
    guard case .failure(let failure) = surroundings.secret(reference, environment) else { return }
    let key = section.isWritten("api_key") ? "api_key" : "api_key_file"
    reportForRun(
      section, key, "trader \(id) asks \(url.text): \(failure.problem)", failure.advice)
  }

  /// `trader a asks model m`, or the first three of several traders.
  private func asking(_ alias: ModelAlias) -> String {
    let traders = models.users[alias] ?? []
    guard traders.count > 1 else { return "trader \(traders[0]) asks model \(alias)" }
    let shown = traders.prefix(3).map(\.name).joined(separator: ", ")
    let others = traders.count > 3 ? " and \(traders.count - 3) more" : ""
    return "traders \(shown)\(others) ask model \(alias)"
  }
}
