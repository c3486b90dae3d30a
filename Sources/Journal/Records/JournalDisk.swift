import CPosix
import Glibc

/// What the journal asks of the file system, each failure with the path and its cause.
enum JournalDisk {
  /// The bytes of a file; `nil` when there is none.
  static func contents(of path: String) throws(JournalError) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .journalNotRead(path: path, cause: cause())
    }
    defer { close(descriptor) }
    var entry = stat()
    guard fstat(descriptor, &entry) == 0 else {
      throw .journalNotRead(path: path, cause: cause())
    }
    guard entry.st_mode & S_IFMT == S_IFREG else {
      throw .journalNotRead(path: path, cause: "it is not a regular file")
    }
    var failure = false
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(entry.st_size)) { buffer, filled in
      while filled < buffer.count {
        let start = buffer.baseAddress.map { $0 + filled }
        let count = read(descriptor, start, buffer.count - filled)
        if count < 0, errno == EINTR { continue }
        failure = count < 0
        if count <= 0 { return }
        filled += count
      }
    }
    guard !failure else { throw .journalNotRead(path: path, cause: cause()) }
    return bytes
  }

  /// The names in a folder, sorted; none when there is no such folder.
  static func names(in folder: String) throws(JournalError) -> [String] {
    guard let directory = opendir(folder) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw .journalNotRead(path: folder, cause: cause())
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Whether a path is a folder, not a link to one.
  static func isFolder(_ path: String) -> Bool {
    var entry = stat()
    return lstat(path, &entry) == 0 && entry.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes a folder and those above it, as far as they are not there.
  static func makeFolder(_ path: String) throws(JournalError) {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolder(String(path[..<slash]))
      if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    }
    throw failed("make the folder", path)
  }

  /// Removes a file; that there is none is as well.
  static func remove(_ path: String) throws(JournalError) {
    guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else {
      throw failed("remove", path)
    }
  }

  /// The error of an operation that just failed.
  static func failed(_ operation: String, _ path: String) -> JournalError {
    .journalNotWritten(path: path, operation: operation, cause: cause())
  }

  private static func cause() -> String {
    guard let text = strerror(errno) else { return "error \(errno)" }
    return String(cString: text)
  }
}

/// A file of the journal that is open for an append; closed when the value goes away.
final class JournalAppendage {
  let path: String
  /// How long it was, and is again after ``undo()``.
  let start: Int
  private let descriptor: Int32
  private let isNew: Bool

  /// Opens a file; `nil` when it is not there and is not to be made.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - start: How much of it counts.
  ///   - isNew: Whether it is made where there is none.
  /// - Throws: ``JournalError/journalNotWritten(path:operation:cause:)``.
  init?(path: String, start: Int, isNew: Bool) throws(JournalError) {
    let flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW | (isNew ? O_CREAT : 0)
    descriptor = open(path, flags, 0o644)
    self.path = path
    self.start = start
    self.isNew = isNew
    guard descriptor >= 0 else {
      if !isNew, errno == ENOENT || errno == ENOTDIR { return nil }
      throw JournalDisk.failed("open", path)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// How long the file is.
  func length() throws(JournalError) -> Int { Int(try entry().st_size) }

  /// The file system it is on.
  func device() throws(JournalError) -> UInt { UInt(try entry().st_dev) }

  private func entry() throws(JournalError) -> stat {
    var entry = stat()
    guard fstat(descriptor, &entry) == 0 else { throw JournalDisk.failed("look at", path) }
    guard entry.st_mode & S_IFMT == S_IFREG else {
      throw .journalNotWritten(
        path: path, operation: "write", cause: "it is not a regular file")
    }
    return entry
  }

  /// Drops what lies behind the part that counts.
  func cut() throws(JournalError) {
    guard ftruncate(descriptor, start) == 0 else { throw JournalDisk.failed("cut", path) }
  }

  /// Adds bytes behind the part that counts.
  func write(_ bytes: [UInt8]) throws(JournalError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written,
          start + written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw JournalDisk.failed("write", path) }
      written += count
    }
  }

  /// Waits until the disk has everything of the file system that it is on, names of files too.
  func flushDevice() throws(JournalError) {
    guard nof0_syncfs(descriptor) == 0 else { throw JournalDisk.failed("flush", path) }
  }

  /// Takes back what was written; what stays is cut by the next append.
  func undo() {
    ftruncate(descriptor, start)
    if isNew, start == 0 { unlink(path) }
  }
}
