package import Journal
import Synchronization
import Trading

/// What a configuration was made from, without its secrets, so that it can be made again.
///
/// The keys of all files as they were understood, variables replaced; and what the configuration
/// asked of its surroundings: the texts of prompts, what stands at a path, whether a secret is
/// there.
package struct ConfigSource: Sendable {
  var sections: [ConfigFile: Section]
  let directory: String
  let texts: [String: ConfigSurroundings.Text]
  let kinds: [String: ConfigSurroundings.Kind]
  let absolutes: [String: String]
  let secrets: [String: Bool]

  /// The source as an input of cycles.
  package var blob: JournalBlob {
    var line = TapeLine(directory)
    line.add(table: sections, by: \.rawValue)
    line.add(table: texts, by: \.self)
    line.add(table: kinds, by: \.self)
    line.add(table: absolutes, by: \.self)
    line.add(table: secrets, by: \.self)
    return JournalBlob(kind: "config", body: line.whole)
  }

  /// A source from what was kept.
  init(body: [UInt8]) throws(TapeFault) {
    var reader = try TapeReader(body)
    directory = try reader.next()
    var sections: [ConfigFile: Section] = [:]
    for _ in 0..<max(0, try reader.next(Int.self)) {
      let file = try reader.next(ConfigFile.self)
      sections[file] = try reader.next(Section.self)
    }
    self.sections = sections
    texts = try Self.table(&reader)
    kinds = try Self.table(&reader)
    absolutes = try Self.table(&reader)
    secrets = try Self.table(&reader)
  }

  /// A source from what was read and asked.
  init(sections: [ConfigFile: Section], _ asked: AskedSurroundings) {
    self.sections = sections
    directory = asked.directory
    let book = asked.book.withLock { $0 }
    texts = book.texts
    kinds = book.kinds
    absolutes = book.absolutes
    secrets = book.secrets
  }

  private static func table<Value: Taped>(
    _ reader: inout TapeReader
  ) throws(TapeFault) -> [String: Value] {
    var table: [String: Value] = [:]
    for _ in 0..<max(0, try reader.next(Int.self)) {
      let name = try reader.next(String.self)
      table[name] = try reader.next(Value.self)
    }
    return table
  }

  /// What stands for a secret where nothing is sent.
  static let noSecret = "replayed"

  /// The configuration made again.
  func config() throws(TapeFault) -> ArenaConfig {
    var assembly = ConfigAssembly(
      sections: sections, environment: ConfigEnvironment([:]), surroundings: surroundings)
    guard let config = assembly.config() else {
      let problem = assembly.issues.first { $0.severity == .error }
      throw TapeFault(
        description: problem.map { "\($0.problem); \($0.advice)" }
          ?? "expected a configuration that can be made again")
    }
    return config
  }

  private var surroundings: ConfigSurroundings {
    ConfigSurroundings(
      directory: directory, text: { [texts] path, _ in texts[path] ?? .absent },
      kind: { [kinds] path in kinds[path] ?? .absent },
      secret: { [secrets] reference, _ in
        guard secrets[reference.description] == true else {
          return .failure(
            SecretFailure(problem: "\(reference) was not there", advice: "replay needs none"))
        }
        return .success(Self.noSecret)
      }, absolute: { [absolutes] path in absolutes[path] ?? path })
  }
}

/// Surroundings that note what they are asked.
final class AskedSurroundings: Sendable {
  let directory: String
  let book = Mutex(Book())

  struct Book {
    var texts: [String: ConfigSurroundings.Text] = [:]
    var kinds: [String: ConfigSurroundings.Kind] = [:]
    var absolutes: [String: String] = [:]
    var secrets: [String: Bool] = [:]
  }

  init(directory: String) { self.directory = directory }

  /// The surroundings of a disk, noting.
  var surroundings: ConfigSurroundings {
    let disk = ConfigSurroundings.disk(directory: directory)
    return ConfigSurroundings(
      directory: directory,
      text: { [self] path, limit in
        let text = disk.text(path, limit)
        book.withLock { $0.texts[path] = text }
        return text
      },
      kind: { [self] path in
        let kind = disk.kind(path)
        book.withLock { $0.kinds[path] = kind }
        return kind
      },
      secret: { [self] reference, environment in
        let found = disk.secret(reference, environment)
        let isThere = if case .success = found { true } else { false }
        book.withLock { $0.secrets[reference.description] = isThere }
        return found
      },
      absolute: { [self] path in
        let whole = disk.absolute(path)
        book.withLock { $0.absolutes[path] = whole }
        return whole
      })
  }
}

// MARK: - As text

extension ConfigFile: Taped {}

extension ConfigSurroundings.Text: Taped {
  func write(to line: inout TapeLine) {
    switch self {
    case .text(let text): line.add(["text", text])
    case .absent: line.add(["absent", ""])
    case .refused(let words): line.add(["refused", words])
    }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let words = try reader.next([String].self)
    switch words.first {
    case "text": self = .text(words.last ?? "")
    case "absent": self = .absent
    case "refused": self = .refused(words.last ?? "")
    default: throw TapeFault(description: "expected a text of the configuration")
    }
  }
}

extension ConfigSurroundings.Kind: Taped {
  func write(to line: inout TapeLine) {
    switch self {
    case .absent: line.add("absent")
    case .folder: line.add("folder")
    case .file: line.add("file")
    case .program: line.add("program")
    }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    switch try reader.next(String.self) {
    case "absent": self = .absent
    case "folder": self = .folder
    case "file": self = .file
    case "program": self = .program
    default: throw TapeFault(description: "expected what stands at a path")
    }
  }
}

extension ConfigPlace: Taped {
  func write(to text: inout TapeLine) {
    text.add(file)
    text.add(line)
    text.add(column)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(file: try reader.next(), line: try reader.next(), column: try reader.next())
  }
}

extension Setting: Taped {
  func write(to line: inout TapeLine) {
    line.add(path)
    // What a variable brought into an argument may be a secret: it is kept as it is written.
    line.add(shown ?? text)
    line.add(place)
    switch origin {
    case .file: line.add("")
    case .standard: line.add("default")
    case .environment(let name): line.add("$" + name)
    }
    switch secret {
    case .environment(let variable): line.add("$" + variable)
    case .file(let path): line.add("=" + path)
    case .literal: line.add("literal")
    case nil: line.add(String?.none)
    }
    line.add(shown)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let path = try reader.next(String.self)
    let text = try reader.next(String.self)
    let place = try reader.next(ConfigPlace.self)
    let origin: Origin
    switch try reader.next(String.self) {
    case "": origin = .file
    case "default": origin = .standard
    case let name: origin = .environment(String(name.dropFirst()))
    }
    self.init(path: path, text: text, place: place, origin: origin)
    switch try reader.next(String?.self) {
    case nil: secret = nil
    case "literal": secret = .literal(Redacted(ConfigSource.noSecret))
    case .some(let words) where words.hasPrefix("$"):
      secret = .environment(variable: String(words.dropFirst()))
    case .some(let words): secret = .file(path: String(words.dropFirst()))
    }
    shown = try reader.next()
  }
}

extension Section: Taped {
  func write(to line: inout TapeLine) {
    line.add(name)
    line.add(path)
    line.add(place)
    line.add(stated.sorted())
    line.add(fields.count)
    for (name, field) in fields {
      line.add(name)
      switch field {
      case .scalar(let setting):
        line.add("scalar")
        line.add(setting)
      case .list(let settings):
        line.add("list")
        line.add(settings)
      case .section(let section):
        line.add("section")
        line.add(section)
      case .sections(let sections):
        line.add("sections")
        line.add(sections)
      }
    }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let name = try reader.next(String.self)
    self.init(name: name, path: try reader.next(), place: try reader.next())
    stated = Set(try reader.next([String].self))
    for _ in 0..<max(0, try reader.next(Int.self)) {
      let key = try reader.next(String.self)
      let field: Field
      switch try reader.next(String.self) {
      case "scalar": field = .scalar(try reader.next())
      case "list": field = .list(try reader.next())
      case "section": field = .section(try reader.next())
      case "sections": field = .sections(try reader.next())
      default: throw TapeFault(description: "expected a key of the configuration")
      }
      fields.append((key, field))
    }
  }
}
