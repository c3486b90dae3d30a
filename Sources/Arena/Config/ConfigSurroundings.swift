import Glibc

/// What the configuration may point at outside its own files: prompts, scripts, programs, keys.
///
/// A value, so that a test needs no disk.
package struct ConfigSurroundings: Sendable {
  /// The directory of nof0.yaml as given; relative paths of the files begin there.
  let directory: String
  /// The text of a file of at most so many bytes.
  let text: @Sendable (_ path: String, _ limit: Int) -> Text
  /// What stands at a path.
  let kind: @Sendable (_ path: String) -> Kind
  /// The secret a reference points at.
  let secret: @Sendable (SecretReference, ConfigEnvironment) -> Result<String, SecretFailure>
  /// The path as one that begins with a slash.
  let absolute: @Sendable (_ path: String) -> String

  /// What reading a file gave.
  enum Text: Sendable, Equatable {
    case text(String)
    case absent
    /// It is there but cannot be used; the words say why.
    case refused(String)
  }

  /// What stands at a path.
  enum Kind: Sendable, Equatable {
    case absent
    case folder
    /// A file that nobody may execute.
    case file
    case program
  }
}

extension ConfigSurroundings {
  /// The files below and around a directory of the disk.
  package static func disk(directory: String) -> ConfigSurroundings {
    ConfigSurroundings(
      directory: directory, text: { ConfigFiles.text($0, limit: $1) },
      kind: { ConfigFiles.kind($0) },
      secret: { reference, environment in
        Result { () throws(SecretFailure) in try SecretReader.read(reference, environment) }
      }, absolute: { ConfigFiles.absolute($0) })
  }

  /// Files that exist only here, by path as seen from the directory of nof0.yaml.
  ///
  /// - Parameters:
  ///   - texts: Files with their texts.
  ///   - programs: Paths of files that may be executed.
  /// - Returns: Surroundings without a disk.
  package static func memory(
    _ texts: [String: String] = [:], programs: Set<String> = []
  ) -> ConfigSurroundings {
    ConfigSurroundings(
      directory: "",
      text: { path, limit in
        guard let text = texts[path] else { return .absent }
        return text.utf8.count <= limit ? .text(text) : .refused(tooLong(limit))
      },
      kind: { path in
        if programs.contains(path) { return .program }
        if texts[path] != nil { return .file }
        let isFolder =
          path.isEmpty || (Array(texts.keys) + programs).contains { $0.hasPrefix(path + "/") }
        return isFolder ? .folder : .absent
      },
      secret: { reference, environment in
        Result { () throws(SecretFailure) in
          guard case .file(let path) = reference else {
            return try SecretReader.read(reference, environment)
          }
          return try SecretReader.checked(texts[path] ?? "", reference)
        }
      }, absolute: { $0 })
  }

  /// Says that a file is larger than it may be.
  static func tooLong(_ limit: Int) -> String { "is larger than \(limit / 1000) kB" }

  /// A path of a configuration file as seen from the working directory.
  ///
  /// - Parameters:
  ///   - path: As written.
  ///   - file: The configuration file in which it is written, relative to ``directory``.
  /// - Returns: The path to open.
  func path(_ path: String, in file: String) -> String {
    path.hasPrefix("/") ? path : Self.join(folder(of: file), path)
  }

  /// The folder of a configuration file as seen from the working directory; may be empty.
  func folder(of file: String) -> String {
    let file = file.hasPrefix("/") ? file : Self.join(directory, file)
    guard let slash = file.lastIndex(of: "/") else { return "" }
    return slash == file.startIndex ? "/" : String(file[..<slash])
  }

  /// The folders in which a shared path is looked for, the nearest first.
  func foldersUpwards(from file: String) -> [String] {
    var folder = folder(of: file)
    var found = [folder]
    for _ in 0..<Self.levelsUpwards where folder != "/" {
      folder = Self.parent(of: folder)
      found.append(folder)
    }
    return found
  }

  /// How many folders above the configuration a shared path is looked for.
  private static let levelsUpwards = 5

  static func join(_ folder: String, _ path: String) -> String {
    folder.isEmpty ? path : folder == "/" ? "/" + path : "\(folder)/\(path)"
  }

  private static func parent(of folder: String) -> String {
    guard !folder.isEmpty, folder != "." else { return ".." }
    let slash = folder.lastIndex(of: "/")
    let name = slash.map { folder[folder.index(after: $0)...] } ?? folder[...]
    if name == ".." || name == "." { return folder + "/.." }
    guard let slash else { return "" }
    return slash == folder.startIndex ? "/" : String(folder[..<slash])
  }
}
