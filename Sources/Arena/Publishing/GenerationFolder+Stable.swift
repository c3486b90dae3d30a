import Glibc

extension GenerationFolder {
  /// Keeps a file at a stable place beside the generations, for example `index.html`.
  ///
  /// Readers see the old file or the new one; one that did not change is not touched.
  ///
  /// - Throws: Exit code 73; the former file stays as it was.
  package func keep(_ file: PublishedFile) throws(RunFailure) {
    let place = path + "/" + file.name
    guard !holds(file.bytes, at: place) else { return }
    let fresh = path + "/." + file.name + ".new"
    try write(file.bytes, to: fresh)
    try move(fresh, to: place)
  }

  /// Makes the dashboard and the links at stable places what they should be.
  func keepBeside() throws(RunFailure) {
    try keep(PublishedFile(name: "index.html", bytes: DashboardPage.render()))
    try keepLinks()
  }

  /// Files of the generations that have a stable place beside them, too.
  static let linked = ["metrics.prom"]

  /// Makes the stable names lead to the files of the present generation.
  ///
  /// They are links through `data`, so that they change with it at no cost.
  func keepLinks() throws(RunFailure) {
    for name in Self.linked {
      let target = "data/" + name
      let place = path + "/" + name
      guard linkTarget(place) != target else { continue }
      let fresh = path + "/." + name + ".new"
      unlink(fresh)
      guard symlink(target, fresh) == 0 else { throw failure("create the link \(fresh)") }
      try move(fresh, to: place)
    }
  }

  /// Whether readers see exactly these files and one more.
  func shows(_ files: [PublishedFile], beside other: String) -> Bool {
    // A folder that cannot be read shows nothing; that is told when it is written.
    guard let names = try? list(path + "/data"), names.contains(other),
      names.count == files.count + 1
    else { return false }
    return files.allSatisfy { holds($0.bytes, at: path + "/data/" + $0.name) }
  }

  private func linkTarget(_ place: String) -> String? {
    var bytes = [CChar](repeating: 0, count: 256)
    let count = readlink(place, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension GenerationFolder {
  /// The file of what is kept between runs.
  private static let memoryName = ".history"

  /// What is kept between runs; `nil` = nothing that can be read.
  var memory: ExportMemory? {
    bytes(at: path + "/" + Self.memoryName).flatMap(ExportMemory.init(encoded:))
  }

  /// Keeps what the next run need not read again, where it is worth it: about once an hour.
  func remember(_ memory: ExportMemory) throws(RunFailure) {
    guard memory.isDue, memory.curves.values.contains(where: { !$0.points.isEmpty }) else {
      return
    }
    // `export` of a cycle that is repeated comes here before there is a generation.
    try makeDirectory(path)
    try keep(PublishedFile(name: Self.memoryName, bytes: memory.encoded))
  }

  private func bytes(at place: String) -> [UInt8]? {
    let descriptor = open(place, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size < 1 << 28 else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let wanted = bytes.count - filled
      let count = bytes.withUnsafeMutableBytes {
        read(descriptor, $0.baseAddress?.advanced(by: filled), wanted)
      }
      guard count > 0 else { return nil }
      filled += count
    }
    return bytes
  }
}
