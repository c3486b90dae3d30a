import Glibc

/// Reads the configuration from disk.
package enum ConfigFiles {
  /// Reads and decodes all files of a configuration directory.
  ///
  /// Variables come from `environment`, then from the first `.env` of the directory's parent and
  /// the working directory. `ENV_FILE` names another one, `NO_DOTENV=1` reads none, and
  /// `DOTENV_OVERLOAD=1` lets the file win.
  /// - Parameters:
  ///   - directory: The directory of nof0.yaml, for example `config`.
  ///   - environment: The environment of the process.
  /// - Returns: The configuration, `nil` when there is an error, and every issue of every file.
  package static func load(directory: String, environment: [String: String]) -> LoadedConfig {
    let directory = withoutTrailingSlashes(directory)
    guard isDirectory(directory) else { return failed(directory) }
    var reader = FileReading()
    let variables = reader.environment(environment, parent: parent(of: directory))

    let arena = reader.text(of: ConfigFile.arena.rawValue, in: directory)
    var files: [String: String] = [:]
    let names = ConfigDecoder.fileNames(arenaText: arena ?? "", environment: variables)
    for name in names {
      files[name] = name == ConfigFile.arena.rawValue ? arena : reader.text(of: name, in: directory)
    }

    let asked = AskedSurroundings(directory: directory)
    let decoded = ConfigDecoder.decode(
      files, environment: variables, surroundings: asked.surroundings,
      unreadable: reader.unreadable)
    func located(_ issues: [ConfigIssue]) -> [ConfigIssue] {
      issues.map { $0.place.file.hasPrefix("/") ? $0 : $0.prefixed(by: directory + "/") }
    }
    var config = reader.issues.isEmpty ? decoded.config : nil
    config?.issuesForRun = located(decoded.config?.issuesForRun ?? [])
    return LoadedConfig(
      config: config, issues: reader.issues + located(decoded.issues),
      origin: decoded.origin, environment: variables,
      source: ConfigSource(sections: decoded.origin.sections, asked))
  }
}

/// The state of reading: what could not be read is an issue, not an absence.
private struct FileReading {
  var issues: [ConfigIssue] = []
  var unreadable: Set<String> = []

  /// The text of a configuration file; `nil` when it does not exist or cannot be read.
  mutating func text(of name: String, in directory: String) -> String? {
    let path = name.hasPrefix("/") ? name : "\(directory)/\(name)"
    switch ConfigFiles.read(path) {
    case .text(let text): return text
    case .absent: return nil
    case .failed(let problem, let advice):
      unreadable.insert(name)
      report(path, problem, advice)
      return nil
    }
  }

  /// The environment with the variables of the `.env` file that counts.
  mutating func environment(_ process: [String: String], parent: String) -> ConfigEnvironment {
    let base = ConfigEnvironment(process)
    guard process["NO_DOTENV"] != "1" else { return base }
    let named = process["ENV_FILE"].flatMap { $0.isEmpty ? nil : $0 }
    for path in named.map({ [$0] }) ?? ["\(parent).env", ".env"] {
      switch ConfigFiles.read(path) {
      case .text(let text):
        let file = DotEnv(text, file: path, environment: base)
        issues += file.issues
        return base.adding(file.variables)
      case .absent:
        if named != nil {
          report(path, "the file that ENV_FILE names does not exist", "correct or unset ENV_FILE")
        }
      case .failed(let problem, let advice):
        report(path, problem, advice)
        return base
      }
    }
    return base
  }

  private mutating func report(_ path: String, _ problem: String, _ advice: String) {
    let place = ConfigPlace(file: path, line: 1, column: 1)
    issues.append(ConfigIssue(.error, at: place, key: "", problem: problem, advice: advice))
  }
}

extension ConfigFiles {
  /// The text of a file of at most so many bytes.
  static func text(_ path: String, limit: Int) -> ConfigSurroundings.Text {
    // A pipe must not keep the program waiting.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      return errno == ENOENT || errno == ENOTDIR
        ? .absent : .refused("cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    return text(of: descriptor, limit: limit)
  }

  /// The rest of an open file of at most so many bytes.
  static func text(of descriptor: Int32, limit: Int) -> ConfigSurroundings.Text {
    guard let bytes = bytes(of: descriptor, limit: limit) else {
      return .refused("cannot be read: \(String(cString: strerror(errno)))")
    }
    guard bytes.count <= limit else { return .refused(ConfigSurroundings.tooLong(limit)) }
    return String(validating: bytes, as: UTF8.self).map { .text($0) }
      ?? .refused("is not UTF-8 text")
  }

  /// What stands at a path; an empty one is the working directory.
  static func kind(_ path: String) -> ConfigSurroundings.Kind {
    var status = stat()
    guard stat(path.isEmpty ? "." : path, &status) == 0 else { return .absent }
    if status.st_mode & S_IFMT == S_IFDIR { return .folder }
    let isProgram = status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    return isProgram ? .program : .file
  }

  /// The path seen from the root.
  ///
  /// Links stay: the interpreter of a Python environment is one and must be called by its name.
  static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
    defer { free(current) }
    let folder = String(cString: current)
    return path.isEmpty ? folder : ConfigSurroundings.join(folder, path)
  }

  /// At most `limit` bytes and one chunk more; `nil` when they cannot be read.
  private static func bytes(of descriptor: Int32, limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  fileprivate enum Content {
    case text(String)
    case absent
    case failed(problem: String, advice: String)
  }

  fileprivate static func read(_ path: String) -> Content {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      return errno == ENOENT || errno == ENOTDIR ? .absent : unreadable(errno)
    }
    defer { close(descriptor) }
    // One byte beyond the limit is enough for the YAML reader to say that there is too much.
    guard let bytes = bytes(of: descriptor, limit: YAMLReader.maximumBytes) else {
      return unreadable(errno)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return .failed(problem: "the file is not UTF-8 text", advice: "save it as UTF-8")
    }
    return .text(text)
  }

  private static func unreadable(_ code: Int32) -> Content {
    .failed(
      problem: "the file cannot be read: \(String(cString: strerror(code)))",
      advice: "give it to the user who runs nof0")
  }

  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func failed(_ directory: String) -> LoadedConfig {
    let issue = ConfigIssue(
      .error, at: ConfigPlace(file: directory, line: 1, column: 1), key: "",
      problem: "there is no such directory",
      advice: "run nof0 where config/ is, or give --config DIR")
    return LoadedConfig(config: nil, issues: [issue], origin: EffectiveConfig.Origin())
  }

  private static func withoutTrailingSlashes(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// The path of the directory around, empty or with a slash at its end.
  private static func parent(of directory: String) -> String {
    if directory == "." { return "../" }
    guard let slash = directory.lastIndex(of: "/") else { return "" }
    return String(directory[...slash])
  }
}
