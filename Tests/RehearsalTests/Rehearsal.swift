import Foundation
import Testing

/// All rehearsals: they start the real binary, so one at a time, to leave the machine some room.
@Suite("The binary, end to end", .serialized)
struct RehearsalSuite {}

/// A stage for one rehearsal: a folder of its own with configuration, state and exports.
///
/// The folder goes away with the value.
final class Rehearsal {
  /// How a process ended and what it said.
  struct Ending {
    /// The exit code; the negative signal for a process that was killed.
    let code: Int32
    let out: String
    let error: String
  }

  let folder: URL
  /// The configuration folder the commands are given.
  var config: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "nof0-rehearsal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    config = Repository.root.appending(path: "config")
  }

  deinit {
    // What is left in the temporary folder does no harm.
    try? FileManager.default.removeItem(at: folder)
  }

  var state: URL { folder.appending(path: "state") }
  var out: URL { folder.appending(path: "out") }
  var database: URL { state.appending(path: "nof0.sqlite") }

  /// Runs a command line with this stage's places to its end.
  @discardableResult
  func run(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> Ending {
    try finish(try start(arguments, environment: environment))
  }

  /// A cycle at an instant, after which the fault kills the process if one is given.
  @discardableResult
  func cycle(at: String, fault: String? = nil) throws -> Ending {
    try run("run", "--at", at, environment: fault.map { ["NOF0_FAULT": $0] } ?? [:])
  }

  /// Begins a command line without waiting for it.
  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Performance {
    let places = ["--config", config.path, "--state", state.path, "--out", out.path]
    return try launch(
      executable: try Binary.path.get(), arguments: arguments + places, environment: environment)
  }

  /// Waits for a command line's end.
  func finish(_ performance: Performance) throws -> Ending {
    performance.process.waitUntilExit()
    let status = performance.process.terminationStatus
    return Ending(
      code: performance.process.terminationReason == .uncaughtSignal ? -status : status,
      out: try String(contentsOf: performance.out, encoding: .utf8),
      error: try String(contentsOf: performance.error, encoding: .utf8))
  }

  /// Runs a shell script in the stage's folder; `$NOF0` is the binary.
  func shell(_ script: String) throws -> Ending {
    try finish(
      try launch(
        executable: "/bin/bash", arguments: ["-c", script],
        environment: [
          "NOF0": try Binary.path.get(), "CONFIG": config.path, "STATE": state.path,
          "OUT": out.path,
        ]))
  }

  private func launch(
    executable: String, arguments: [String], environment: [String: String]
  ) throws -> Performance {
    // Files instead of pipes: nobody has to drain them.
    let name = UUID().uuidString
    let performance = Performance(
      process: Process(), out: folder.appending(path: ".\(name).out"),
      error: folder.appending(path: ".\(name).error"))
    for url in [performance.out, performance.error] { try Data().write(to: url) }
    performance.process.executableURL = URL(filePath: executable)
    performance.process.arguments = arguments
    performance.process.currentDirectoryURL = folder
    performance.process.environment = ["PATH": "/usr/bin:/bin", "NO_DOTENV": "1"]
      .merging(environment) { _, given in given }
    performance.process.standardInput = FileHandle.nullDevice
    performance.process.standardOutput = try FileHandle(forWritingTo: performance.out)
    performance.process.standardError = try FileHandle(forWritingTo: performance.error)
    try performance.process.run()
    return performance
  }

  /// A process that goes on.
  struct Performance {
    let process: Process
    let out: URL
    let error: URL
  }
}

extension Rehearsal {
  /// Takes over a configuration to change it; the default is the shipped one.
  func ownConfig(from source: URL = Repository.root.appending(path: "config")) throws {
    config = folder.appending(path: "config")
    try FileManager.default.copyItem(at: source, to: config)
  }

  /// Replaces text that must be there in a file of the own configuration.
  func edit(_ file: String, _ old: String, _ new: String) throws {
    let url = config.appending(path: file)
    let text = try String(contentsOf: url, encoding: .utf8)
    try #require(text.contains(old), "expected \(old) in \(file)")
    try text.replacingOccurrences(of: old, with: new)
      .write(to: url, atomically: true, encoding: .utf8)
  }

  /// Puts copies of another stage's state and exports in the place of this one's.
  func takeOver(_ other: Rehearsal) throws {
    for (mine, theirs) in [(state, other.state), (out, other.out)] {
      if exists(mine) { try FileManager.default.removeItem(at: mine) }
      if exists(theirs) { try FileManager.default.copyItem(at: theirs, to: mine) }
    }
  }

  func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

  /// Every file below a folder with its bytes, by relative path; links by where they point.
  func contents(of root: URL) throws -> [String: Data] {
    var found: [String: Data] = [:]
    guard exists(root) else { return found }
    let manager = FileManager.default
    for path in try manager.subpathsOfDirectory(atPath: root.path) {
      let full = root.appending(path: path).path
      let type = try manager.attributesOfItem(atPath: full)[.type] as? FileAttributeType
      switch type {
      case .typeSymbolicLink:
        found[path] = Data(try manager.destinationOfSymbolicLink(atPath: full).utf8)
      case .typeRegular: found[path] = try Data(contentsOf: URL(filePath: full))
      default: break
      }
    }
    return found
  }
}

/// Where the repository is.
enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// The binary that was built along with the tests.
enum Binary {
  struct Missing: Error, CustomStringConvertible {
    let searched: [String]

    var description: String {
      "expected the binary nof0 beside the test bundle, was not in or above "
        + searched.joined(separator: ", ")
    }
  }

  /// The first `nof0` in a folder at or above the running test bundle.
  static let path: Result<String, Missing> = {
    let places =
      ["/proc/self/exe", CommandLine.arguments[0]].map {
        URL(filePath: $0).resolvingSymlinksInPath()
      } + Bundle.allBundles.map(\.bundleURL)
    for place in places {
      var folder = place.deletingLastPathComponent()
      while folder.path != "/", !folder.path.isEmpty {
        let candidate = folder.appending(path: "nof0").path
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder),
          !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: candidate)
        {
          return .success(candidate)
        }
        folder.deleteLastPathComponent()
      }
    }
    return .failure(Missing(searched: places.map(\.path)))
  }()
}
