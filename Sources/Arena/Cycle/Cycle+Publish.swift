import Analytics
import Exchanges
import Journal
import Trading

/// What became of the files of a cycle.
package struct Publication: Sendable, Equatable {
  /// The generation that readers see.
  package let generation: Int64
  /// Whether it was written now; `false` = it tells all of this already.
  package let isNew: Bool
}

extension Cycle {
  /// Publishes a generation of files from the state and the prices of this cycle.
  ///
  /// - Parameters:
  ///   - work: The cycle, committed.
  ///   - reading: What the files show of its traders.
  /// - Returns: What became of it; `nil` when nothing is to be published.
  /// - Throws: Exit code 73 where they cannot be written, ``JournalError`` where the state cannot
  ///   be read; the former generation stays as it was.
  func publish(_ work: CycleWork, _ reading: ExportReading?) async throws -> Publication? {
    guard let folder = ports.exports, let reading else { return nil }
    // Every file tells the time of its cycle: only a cycle repeated makes files that are there.
    let isRepeated = work.state.lastFinishedAt.map { $0 == work.now } ?? false
    let (draft, files): (GenerationDraft, [RenderedFile])
    if isRepeated {
      files = try await write(work, reading, to: nil)
      let shown = files.compactMap(\.file)
      if let current = folder.current, folder.shows(shown, beside: ExportManifest.name) {
        try folder.keepBeside()
        return Publication(generation: current, isNew: false)
      }
      draft = try folder.draft(comparing: true)
      for file in shown { try draft.add(file) }
      try folder.removeOld(before: draft.number)
    } else {
      draft = try folder.draft(comparing: true)
      async let tidied: Void = folder.removeOld(before: draft.number)
      files = try await write(work, reading, to: draft)
      try await tidied
    }
    let heads = try ports.store.journalHeads().mapValues { (seq: $0.seq, sha256Hex: $0.hash.hex) }
    let number = try draft.publish { generation in
      PublishedFile(
        name: ExportManifest.name,
        bytes: ExportManifest.render(
          generation: generation, run: work.run, cycle: work.cycle, at: work.now,
          isSynthetic: isSynthetic, journal: heads,
          files: files.map { ($0.name, $0.size, $0.sha256Hex) }))
    }
    try folder.keepBeside()
    return Publication(generation: number, isNew: true)
  }

  /// Writes every file but the manifest, or only makes them where there is no draft; those that
  /// take longest are begun first.
  private func write(
    _ work: CycleWork, _ reading: ExportReading, to draft: GenerationDraft?
  ) async throws -> [RenderedFile] {
    let rendering = Rendering(draft: draft)
    let view = try view(work, reading, statistics: statistics(work))
    let files = try await withThrowingTaskGroup(of: (Int, Rendering.Part).self) { group in
      var count = 0
      for export in Rendering.documents {
        let index = count
        group.addTask { (index, try rendering.document(export, of: view)) }
        count += 1
      }
      var rest = reading.traders[...]
      while !rest.isEmpty {
        let (index, part) = (count, view.showing(Array(rest.prefix(Rendering.tradersAtOnce))))
        group.addTask { (index, try rendering.pages(of: part)) }
        rest = rest.dropFirst(Rendering.tradersAtOnce)
        count += 1
      }
      var parts = [Rendering.Part](repeating: Rendering.Part(), count: count)
      for try await (index, part) in group { parts[index] = part }
      return parts.flatMap(\.files)
        + [try rendering.analytics(parts.flatMap(\.objects), of: view)]
    }
    try ports.exports?.remember(reading.memory)
    return files
  }

  /// Publishes the state as it is after the last finished run, with the prices of that time.
  package func republish() async throws -> Publication? {
    guard let last = try ports.store.lastRun() else { return nil }
    let state = try ports.store.loadState(now: last.at)
    var work = CycleWork(now: last.at, run: last.run, cycle: state.cycle, state: state)
    loadMetrics(&work)
    remakeMetrics(&work, keeping: false)
    try await takeSnapshot(&work)
    for account in Set(state.traders.values.map(\.account)).sorted() {
      guard let owner = work.residents(of: account).first,
        let exchange = ports.exchanges[owner.exchange]
      else { continue }
      let snapshot = try await exchange.report(on: account, since: last.at, at: last.at).snapshot
      work.accounts[account] = snapshot
      try learnOwners(of: snapshot.orders, on: account, &work)
    }
    return try await publish(work, try readForExport(work))
  }
}
