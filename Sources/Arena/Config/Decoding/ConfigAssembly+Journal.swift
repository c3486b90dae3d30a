import Trading

extension ConfigAssembly {
  /// What is kept of each cycle; `nil` when a value was refused.
  mutating func journalSection(_ drafts: [TraderDraft]) -> JournalSection? {
    guard let section = sections[.arena]?.section("journal"),
      let isEnabled = section.flag("enabled"), let keep = section.span("keep")
    else { return nil }
    if keep != .zero, keep < .day {
      error(
        section, "keep", "journal.keep: expected at least 1d, was \(keep)",
        "the journal is removed by whole days; use 1d or more, or 0 to keep it for ever")
    }
    let file = sections[.manager]?.name ?? ConfigFile.manager.rawValue
    var silent: Set<TraderID> = []
    var own: [TraderID: String] = [:]
    var owners: [String: TraderID] = [:]
    for draft in drafts {
      guard let id = draft.id else { continue }
      if draft.section.flag("journal_enabled") == false { silent.insert(id) }
      guard let folder = draft.section.text("journal_dir"), !folder.isEmpty else { continue }
      let path = Self.withoutSlash(surroundings.path(folder, in: file))
      if let other = owners[path] {
        error(
          draft.section, "journal_dir",
          "\(draft.path).journal_dir: \(path) is the folder of trader \(other) already",
          "give each trader a folder of its own")
      }
      owners[path] = id
      own[id] = path
    }
    return JournalSection(
      isEnabled: isEnabled, keep: keep.unlessZero, silent: silent, own: own)
  }

  private static func withoutSlash(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }
}
