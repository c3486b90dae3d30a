import Executor
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

  /// What its templates may name.
  var vocabulary: PromptVocabulary {
    switch self {
    case .persona: .persona
    case .context: .user
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
      check(source, role, section)
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
}

extension ConfigAssembly {
  /// Reports what is wrong with the text of a template, once for each template and role.
  private mutating func check(
    _ source: PromptSource, _ role: PromptRole, _ section: Section
  ) {
    let subject = join(section.path, role.key)
    guard source.text.contains(where: { !$0.isWhitespace }) else {
      error(
        section, role.key, "\(subject): the file \(source.path) is empty",
        "write the template into it")
      return
    }
    do throws(PromptTemplateError) {
      let template = try PromptTemplate(source, vocabulary: role.vocabulary)
      templates[source] = template
      // nof0 states versions in the template of the context only.
      if role == .context { checkVersion(of: template, section, role.key) }
    } catch {
      for problem in error.problems {
        self.error(section, role.key, "\(subject): \(problem)", "correct the template")
      }
    }
  }

  /// What `prompt_schema_version` and `prompt_validation` of executor.yaml demand.
  private mutating func checkVersion(
    of template: PromptTemplate, _ section: Section, _ key: String
  ) {
    guard let rules = sections[.executor].flatMap(ExecutorSection.init) else { return }
    let subject = join(section.path, key)
    let demanded = rules.promptSchemaVersion
    if template.version.isEmpty {
      guard rules.requiresPromptVersion else { return }
      error(
        section, key, "\(subject): \(template.path) states no version",
        "begin it with {{! version: \(demanded.isEmpty ? "1.0.0" : demanded) }}, or set "
          + "prompt_validation.require_version_header to false in executor.yaml")
    } else if !demanded.isEmpty, template.version != demanded {
      let problem =
        "\(subject): \(template.path) states version \(template.version), "
        + "prompt_schema_version in executor.yaml is \(demanded)"
      let advice = "use the template of that version, or change prompt_schema_version"
      if rules.isPromptVersionStrict {
        error(section, key, problem, advice)
      } else {
        notice(section, key, problem, advice)
      }
    }
  }

  /// Reports what both messages of a trader show, once for each pair of templates.
  mutating func checkRepetition(_ persona: PromptSource, _ prompt: PromptSource, _ section: Section)
  {
    guard checkedPrompts.insert("\(persona.path) \(prompt.path)").inserted,
      let first = templates[persona], let second = templates[prompt]
    else { return }
    for text in PromptRenderer.notices(persona: first, prompt: second) {
      notice(section, PromptRole.context.key, text, "remove it from one of them")
    }
  }
}
