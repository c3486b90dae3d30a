import CPosix
import Exchanges
import Glibc

/// The process itself.
package enum ProcessID {
  /// Its number.
  package static var current: Int32 { getpid() }

  /// Its environment.
  package static var environment: [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if let split = text.firstIndex(of: "=") {
        variables[String(text[..<split])] = String(text[text.index(after: split)...])
      }
      next += 1
    }
    return variables
  }
}

/// The memory of the process.
package enum ProcessMemory {
  /// Makes the allocator fit a short life; to be called before anything else.
  package static func prepare() { nof0_tune_malloc() }
}

/// How the process ends.
package enum ProcessExit {
  /// Ends the process with a code.
  package static func exit(_ code: ExitStatus) -> Never { Glibc.exit(code.rawValue) }
}

/// How failures are told.
enum Failure {
  /// One line on stderr: `nof0: PHASE: message`.
  static func print(_ failure: RunFailure) {
    let phase = failure.phase.map { "\($0.rawValue): " } ?? ""
    StandardStreams.writeError("nof0: \(phase)\(failure.message)\n")
  }

  /// Does the work of a command; what it throws is told in one line and becomes its exit code.
  static func told(by work: () async throws -> ExitStatus) async -> ExitStatus {
    do {
      return try await work()
    } catch {
      let failure = of(error)
      print(failure)
      return failure.code
    }
  }

  /// An error as what ends a run.
  static func of(_ error: any Error) -> RunFailure {
    switch error {
    case let failure as RunFailure: failure
    case let error as MarketDataError:
      RunFailure(.inputOutput, phase: .snapshot, error.description)
    case _: RunFailure(.internalFailure, "\(error)")
    }
  }
}
