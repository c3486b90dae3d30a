import Glibc
import Synchronization

/// Whether the process was asked to end (SIGTERM, SIGINT).
///
/// The handler only sets a flag; the run looks at it between pieces of work, finishes the order in
/// flight, records, exports and exits with 0.
package enum Shutdown {
  private static let flag = Atomic<Bool>(false)

  /// Starts listening for the signals.
  package static func listen() {
    // Touch the flag first: a lazy initialiser must not run inside a signal handler.
    flag.store(false, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Shutdown.request() }
    sigaction(SIGTERM, &action, nil)
    sigaction(SIGINT, &action, nil)
    // Where whoever started us ignores the ends of its children, the ends of ours would be lost.
    signal(SIGCHLD, SIG_DFL)
  }

  /// Asks the run to end, as the signals do.
  package static func request() { flag.store(true, ordering: .relaxed) }

  /// Whether the run was asked to end.
  package static var isRequested: Bool { flag.load(ordering: .relaxed) }
}
