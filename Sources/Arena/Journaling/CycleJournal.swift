import Glibc
package import Journal
import Synchronization
package import Trading

/// Keeps what each cycle was told and what it did.
package final class CycleJournal: Sendable {
  /// The folder of the records.
  package let folder: JournalFolder
  /// Where the outside's answers are noted.
  package let tape: CycleTape
  private let statements: StatementTape
  private let config: JournalBlob
  /// Where the newest inputs are kept, for the next run to write its own against.
  private let basePath: String
  private let base = Mutex<EarlierInputs?>(nil)
  /// Traders whose records are not kept.
  private let silent: Set<TraderID>

  /// A journal of runs with one configuration.
  ///
  /// - Parameters:
  ///   - folder: The folder of the records.
  ///   - config: The effective configuration.
  ///   - database: The state.
  ///   - silent: Traders whose records are not kept.
  package init(
    folder: JournalFolder, config: JournalBlob, database: JournalDatabase,
    silent: Set<TraderID> = []
  ) {
    self.folder = folder
    self.config = config
    self.silent = silent
    tape = CycleTape()
    statements = database.tape
    // Beside the folder: what stands in it is on record.
    basePath = folder.path + ".newest"
  }

  /// The digest of the configuration.
  var configHash: RecordHash { config.hash }

  /// Begins to note.
  func begin(atMs beganMs: Double) {
    tape.clear(at: beganMs)
    statements.record()
  }

  /// The inputs that those of the present cycle may be written against; `nil` = there are none.
  var newest: EarlierInputs? { base.withLock { $0 } ?? kept() }

  /// Writes the records of a cycle as it was noted until ``stop()``.
  ///
  /// - Returns: What was put right on the way, in sentences.
  func write(
    _ inputs: CycleInputs, against earlier: EarlierInputs?, traders: [TraderID],
    record: (TraderID, CycleEvidence) -> CycleRecord
  ) throws(JournalError) -> [String] {
    var inputs = inputs
    inputs.answers = tape.lines
    inputs.statements = statements.lines
    let lines = inputs.lines
    let day = CivilDay(inputs.at)
    let usable = earlier.flatMap { base in
      base.day == day && base.depth < EarlierInputs.longest ? base : nil
    }
    let text = InputsDelta.joined(lines)
    let digest = RecordHash(of: text)
    let blob = JournalBlob(
      kind: "inputs", body: InputsDelta.encode(lines, digest: digest, base: usable))
    let evidence = CycleEvidence(
      inputs: blob.hash, config: config.hash, changes: statements.changesDigest)
    let records = traders.filter { !silent.contains($0) }.map { ($0, record($0, evidence)) }
    let receipt = try folder.append(
      records.map {
        JournalLine(trader: $0.0, cycle: inputs.cycle, at: inputs.at, body: $0.1.body)
      },
      blobs: [config, blob] + records.flatMap(\.1.blobs), cycle: inputs.cycle, at: inputs.at)
    let newest = EarlierInputs(
      hash: blob.hash, day: day, depth: usable.map { $0.depth + 1 } ?? 0, lines: lines,
      digest: digest)
    // Behind a damaged file the next inputs are written whole.
    let isSound = receipt.notices.isEmpty
    base.withLock { $0 = isSound ? newest : nil }
    if isSound { keep(newest, text) } else { unlink(basePath) }
    return receipt.notices
  }

  /// Stops to note: the cycle has done what it does by what it is told.
  func stop() { statements.stop() }
}

/// What proves the record of a cycle.
struct CycleEvidence: Sendable {
  /// The inputs of the cycle.
  let inputs: RecordHash
  /// Its configuration.
  let config: RecordHash
  /// SHA-256 of what it changed in the state, in hexadecimal.
  let changes: String
}

// MARK: - The newest inputs, for the next run

extension CycleJournal {
  /// The newest inputs as the last run left them; `nil` where they cannot be used, which only costs
  /// space.
  private func kept() -> EarlierInputs? {
    guard case .text(let text) = ConfigFiles.text(basePath, limit: 64 << 20) else { return nil }
    let bytes = Array(text.utf8)
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    let rest = bytes[min(end + 1, bytes.endIndex)...]
    do throws(TapeFault) {
      var head = try TapeReader(Array(bytes[..<end]))
      let hash = RecordHash(hex: try head.next(String.self).utf8)
      let day = CivilDay(number: try head.next())
      let depth = try head.next(Int.self)
      let digest = RecordHash(hex: try head.next(String.self).utf8)
      guard let hash, let digest, RecordHash(of: Array(rest)) == digest else { return nil }
      return EarlierInputs(
        hash: hash, day: day, depth: depth, lines: InputsDelta.split(rest), digest: digest)
    } catch {
      return nil
    }
  }

  /// Leaves the newest inputs to the next run.
  private func keep(_ newest: EarlierInputs, _ text: [UInt8]) {
    var head = TapeLine(newest.hash.hex)
    head.add(newest.day.number)
    head.add(newest.depth)
    head.add(newest.digest.hex)
    let bytes = InputsDelta.joined([head.whole]) + text
    let draft = basePath + ".new"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
    // Half a file is found by its digest, and no file at all only costs space.
    if written == bytes.count { rename(draft, basePath) } else { unlink(draft) }
  }
}
