import CPosix
import Glibc

/// One file of an export generation.
package struct PublishedFile: Sendable, Equatable {
  /// Its name inside the generation.
  package let name: String
  /// Its bytes.
  package let bytes: [UInt8]

  /// A file from its parts.
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// The folder `out/`: generations of files, of which `out/data` always points to a whole one.
///
/// A generation is written into `out/.generations/N.partial` completely, files that did not change
/// as hard links to the one before, then flushed, renamed to `N`, and the symlink `out/data` is
/// replaced by a rename. Readers see all of the old files or all of the new ones.
package struct GenerationFolder: Sendable {
  /// The folder, without a slash at the end.
  package let path: String
  /// How many generations stay for slow readers.
  package static let kept = 3

  fileprivate let reach: @Sendable (String) -> Void

  /// A folder at a path; `reach` is told of places where a test may kill the process.
  package init(path: String, reach: @escaping @Sendable (String) -> Void = { _ in }) {
    self.path = path
    self.reach = reach
  }

  /// The number of the generation that readers see; `nil` before the first.
  package var current: Int64? {
    var bytes = [CChar](repeating: 0, count: 256)
    let count = readlink(path + "/data", &bytes, bytes.count)
    guard count > 0 else { return nil }
    let target = String(
      decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return target.split(separator: "/").last.flatMap { Int64($0) }
  }

  /// Removes what a killed run left half-written.
  package func removePartial() throws(RunFailure) {
    for name in try entries() where name.hasSuffix(".partial") {
      try remove(generations + "/" + name)
    }
  }

  /// Publishes a new generation.
  ///
  /// - Parameters:
  ///   - files: Every file but the manifest.
  ///   - comparing: Whether to look for files that did not change; `false` where none is expected.
  ///   - manifest: Makes `manifest.json`, given the generation's number; written last.
  /// - Returns: The generation's number.
  /// - Throws: Exit code 73; the former generation stays as it was.
  @discardableResult
  package func publish(
    _ files: [PublishedFile], comparing: Bool = true, manifest: (Int64) -> PublishedFile
  ) throws(RunFailure) -> Int64 {
    let draft = try draft(comparing: comparing)
    for file in files { try draft.add(file) }
    let number = try draft.publish(manifest: manifest)
    try removeOld(before: number)
    return number
  }

  /// Begins a new generation that nobody sees yet.
  ///
  /// - Parameter comparing: Whether to look for files that did not change.
  /// - Returns: The generation, without files.
  /// - Throws: Exit code 73.
  func draft(comparing: Bool) throws(RunFailure) -> GenerationDraft {
    try makeDirectory(path)
    try makeDirectory(generations)
    try removePartial()
    let number = (try entries().compactMap { Int64($0) }.max() ?? 0) + 1
    let draft = GenerationDraft(
      folder: self, number: number, previous: comparing ? current : nil)
    try makeDirectory(draft.partial)
    return draft
  }

  fileprivate var generations: String { path + "/.generations" }

  fileprivate func flip(to number: Int64) throws(RunFailure) {
    let fresh = path + "/.data.new"
    unlink(fresh)
    guard symlink(".generations/\(number)", fresh) == 0 else {
      throw failure("create the link \(fresh)")
    }
    try move(fresh, to: path + "/data")
    // The files are on the disk; only the names of this folder are new.
    try flushNames(path)
  }

  /// Removes the generations that are too old once there is one of this number.
  func removeOld(before number: Int64) throws(RunFailure) {
    let numbers = try entries().compactMap { Int64($0) }.sorted()
    for old in numbers where old <= number - Int64(Self.kept) {
      try remove("\(generations)/\(old)")
    }
  }
}

/// A generation that is being written.
struct GenerationDraft: Sendable {
  fileprivate let folder: GenerationFolder
  /// Its number.
  let number: Int64
  /// The generation to compare with; `nil` = none.
  fileprivate let previous: Int64?

  fileprivate var path: String { "\(folder.generations)/\(number)" }
  fileprivate var partial: String { path + ".partial" }

  /// Adds a file; several may be added at the same time.
  ///
  /// One that is the same as in the former generation becomes another name of it, unless it is
  /// sure to be new.
  func add(_ file: PublishedFile, isNew: Bool = false) throws(RunFailure) {
    folder.reach("export.file")
    let old = isNew ? nil : previous.map { "\(folder.generations)/\($0)/\(file.name)" }
    if let old, folder.holds(file.bytes, at: old), link(old, "\(partial)/\(file.name)") == 0 {
      return
    }
    try folder.write(file.bytes, to: "\(partial)/\(file.name)")
  }

  /// Makes it the generation that readers see, once all files are added.
  ///
  /// - Parameter manifest: Makes `manifest.json`, given the generation's number.
  /// - Returns: The generation's number.
  /// - Throws: Exit code 73; the former generation stays as it was.
  func publish(manifest: (Int64) -> PublishedFile) throws(RunFailure) -> Int64 {
    let last = manifest(number)
    try folder.write(last.bytes, to: "\(partial)/\(last.name)")
    try folder.flush(partial)
    try folder.move(partial, to: path)
    folder.reach("export.flip")
    try folder.flip(to: number)
    return number
  }
}

extension GenerationFolder {
  func failure(_ operation: String) -> RunFailure {
    let cause = systemError()
    return RunFailure(
      .cannotCreate, phase: .export,
      "cannot \(operation): \(cause). The former generation stays in place; "
        + "the next run writes a new one.")
  }

  func makeDirectory(_ path: String) throws(RunFailure) {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw failure("create the folder \(path)")
    }
  }

  func move(_ from: String, to target: String) throws(RunFailure) {
    guard rename(from, target) == 0 else { throw failure("rename \(from) to \(target)") }
  }

  func write(_ bytes: [UInt8], to path: String) throws(RunFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("create \(path)") }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      guard count > 0 else {
        if count < 0, errno == EINTR { continue }
        throw failure("write \(path)")
      }
      written += count
    }
  }

  /// Flushes everything written to the file system the path is on.
  fileprivate func flush(_ path: String) throws(RunFailure) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open \(path)") }
    defer { close(descriptor) }
    guard nof0_syncfs(descriptor) == 0 else { throw failure("flush \(path)") }
  }

  /// Flushes the names in a folder.
  private func flushNames(_ path: String) throws(RunFailure) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open \(path)") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("flush \(path)") }
  }

  /// Whether a file exists and holds exactly these bytes.
  func holds(_ bytes: [UInt8], at path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, Int(status.st_size) == bytes.count else {
      return false
    }
    // Piece by piece: files that differ most often do so in their first lines.
    var piece = [UInt8](repeating: 0, count: min(bytes.count, 1 << 16))
    var compared = 0
    while compared < bytes.count {
      let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      guard count > 0, compared + count <= bytes.count,
        piece[..<count] == bytes[compared..<compared + count]
      else { return false }
      compared += count
    }
    return true
  }

  private func entries() throws(RunFailure) -> [String] {
    try list(generations)
  }

  func list(_ path: String) throws(RunFailure) -> [String] {
    guard let directory = opendir(path) else {
      if errno == ENOENT { return [] }
      throw failure("read the folder \(path)")
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  private func remove(_ folder: String) throws(RunFailure) {
    for name in try list(folder) {
      guard unlink("\(folder)/\(name)") == 0 else { throw failure("remove \(folder)/\(name)") }
    }
    guard rmdir(folder) == 0 else { throw failure("remove \(folder)") }
  }
}
