import Trading

/// Which message a template makes.
enum PromptRole: Sendable {
  /// The system message.
  case persona
  /// The user message.
  case context

  /// The key of a trader that names its file.
  var key: String {
    switch self {
    case .persona: "prompt_template"
    case .context: "executor_prompt_template"
    }
  }

  /// The file of traders that name none.
  var standard: String {
    switch self {
    case .persona: "prompts/manager/conservative_long.mustache"
    case .context: "prompts/executor/default.mustache"
    }
  }
}

extension ConfigAssembly {
  /// The largest template that is read, in bytes.
  private static let largestPrompt = 256_000

  /// A template of a trader; `nil` when there is none, which is reported.
  ///
  /// Paths are relative to the directory of manager.yaml. Those that begin with `prompts/` are
  /// looked for in the directories above it too, where the shipped ones and nof0's are.
  mutating func prompt(_ role: PromptRole, of draft: TraderDraft) -> PromptSource? {
    let section = draft.section
    let key = role.key
    // A refused path has its own issue.
    if section.text(key) == nil, section.stated.contains(key) { return nil }
    let wanted = section.text(key) ?? role.standard
    guard let source = source(wanted, section, key) else { return nil }
    if checkedPrompts.insert("\(key) \(wanted)").inserted {
      for (problem, advice) in promptIssues(source, role) {
        error(section, key, "\(join(section.path, key)): \(problem)", advice)
      }
    }
    let origin = "SHA-256 \(source.digest)"
    if section.isWritten(key) {
      remarks[join(section.path, key)] = origin
    } else {
      derive(section, key, source.path, "default, \(origin)", in: .manager)
    }
    return source
  }

  private mutating func source(
    _ wanted: String, _ section: Section, _ key: String
  ) -> PromptSource? {
    if let known = prompts[wanted] { return known }
    let file = sections[.manager]?.name ?? ConfigFile.manager.rawValue
    let isShared = wanted.hasPrefix("prompts/")
    let paths =
      isShared
      ? surroundings.foldersUpwards(from: file).map { ConfigSurroundings.join($0, wanted) }
      : [surroundings.path(wanted, in: file)]
    let subject = join(section.path, key)
    for path in paths {
      switch surroundings.text(path, Self.largestPrompt) {
      case .absent: continue
      case .refused(let words):
        error(section, key, "\(subject): the file \(path) \(words)", "name another template")
        return nil
      case .text(let text):
        let source = PromptSource(
          path: path, text: text, digest: SHA256Digest.hex(of: Array(text.utf8)))
        prompts[wanted] = source
        return source
      }
    }
    let isWritten = section.isWritten(key)
    error(
      section, key,
      isWritten
        ? "\(subject): the file \(paths[0]) does not exist"
        : "\(subject) is missing, and so is its default \(wanted)",
      isWritten
        ? "correct the path, which is relative to the directory of \(file)"
        : "add it, or put the shipped prompts/ beside the directory of \(file)")
    return nil
  }

  /// What is wrong with the text of a template and what to do.
  ///
  /// The one place for such checks, asked once for each template and role: whoever knows more
  /// about templates adds their findings here.
  private func promptIssues(
    _ source: PromptSource, _ role: PromptRole
  ) -> [(problem: String, advice: String)] {
    guard source.text.contains(where: { !$0.isWhitespace }) else {
      return [("the file \(source.path) is empty", "write the template into it")]
    }
    return []
  }
}
