import Glibc
import Synchronization
package import Trading

/// A program of the user's that is started for one answer: no shell, a clean environment, a limit
/// on time and output.
///
/// The program and everything it started (its process group) is killed when its time is over, when
/// it writes too much, and when the task is cancelled.
package struct ChildProcess: Sendable {
  /// What to start.
  package let command: CommandExecutor
  /// The variables the program sees, `NAME=value`.
  package let environment: [String]

  /// A program to be started.
  package init(command: CommandExecutor, environment: [String]) {
    self.command = command
    self.environment = environment
  }

  /// Bytes of an answer that are read; a longer one ends the program.
  package static let maxOutputBytes = 1 << 20
  /// Bytes of the program's complaints that are kept for the message.
  package static let keptErrorBytes = 2000

  /// Why there is no answer.
  package enum Failure: Error, Sendable, Equatable {
    /// It could not be started.
    case notStarted(String)
    /// It was not done in time.
    case timedOut
    /// The task was cancelled.
    case cancelled
    /// It wrote more than ``maxOutputBytes``.
    case tooMuchOutput
    /// It ended with a status other than 0, or by a signal; with the end of its complaints.
    case ended(how: String, complaint: String)
  }

  /// Starts the program with a text on its standard input and returns its standard output.
  ///
  /// The end of `input` is the end of its input; it may take `limitMs` milliseconds, above zero.
  package func answer(
    to input: [UInt8], withinMs limitMs: Double
  ) async throws(Failure) -> [UInt8] {
    let isCancelled = CancelFlag()
    let result: Result<[UInt8], Failure> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // A thread of its own: waiting for a child must not occupy one of the few threads that
        // run everybody's tasks.
        BackgroundThread.start {
          continuation.resume(
            returning: Self.run(self, input: input, limitMs: limitMs, isCancelled: isCancelled))
        }
      }
    } onCancel: {
      isCancelled.raise()
    }
    return try result.get()
  }

  private static func run(
    _ child: ChildProcess, input: [UInt8], limitMs: Double, isCancelled: CancelFlag
  ) -> Result<[UInt8], Failure> {
    do throws(Failure) {
      var running = try RunningChild(child, input: input)
      return .success(try running.finish(withinMs: limitMs, isCancelled: isCancelled))
    } catch {
      return .failure(error)
    }
  }
}

/// A flag that the task raises and the thread looks at.
final class CancelFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  func raise() { flag.store(true, ordering: .relaxed) }
  var isRaised: Bool { flag.load(ordering: .relaxed) }
}

/// A thread for work that blocks.
enum BackgroundThread {
  /// Starts a detached thread; the work must end by itself.
  static func start(_ work: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Work(work)).toOpaque()
    // Memory instead of a value: which C module a value's initialiser comes from depends on the
    // order in which the compiler loads them.
    let status = withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { place in
      guard let attributes = place.baseAddress, pthread_attr_init(attributes) == 0 else {
        return ENOMEM
      }
      defer { pthread_attr_destroy(attributes) }
      pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
      pthread_attr_setstacksize(attributes, 256 << 10)
      var thread = pthread_t()
      return pthread_create(
        &thread, attributes,
        { box in
          guard let box else { return nil }
          Unmanaged<Work>.fromOpaque(box).takeRetainedValue().body()
          return nil
        }, box)
    }
    if status != 0 {
      // Without a thread the work is done here: slower for the others, but done.
      Unmanaged<Work>.fromOpaque(box).takeRetainedValue().body()
    }
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
