import Glibc
package import Trading

/// The lock that keeps two runs on one state apart; held until the value goes away.
///
/// It is an `flock` on a file, so that the kernel releases it when the process dies. The file says
/// who holds it, for people.
package final class RunLock: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  /// Takes the lock without waiting.
  ///
  /// - Throws: Exit code 75 naming the holder when it is taken, 74 when the file cannot be used.
  package static func take(path: String, now: Timestamp) throws(RunFailure) -> RunLock {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw RunFailure(
        .inputOutput, phase: .lock,
        "cannot open the lock file \(path): \(systemError()). "
          + "Check that the state directory exists and is writable.")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isHeld = errno == EWOULDBLOCK
      let cause = systemError()
      let holder = read(descriptor)
      close(descriptor)
      throw isHeld
        ? RunFailure(
          .locked, phase: .lock,
          "another run holds \(path) (\(holder.isEmpty ? "holder unknown" : holder)); "
            + "nothing was done. It releases the lock when it ends.")
        : RunFailure(.inputOutput, phase: .lock, "cannot lock \(path): \(cause)")
    }
    let text = "pid \(getpid()), started \(now)\n"
    ftruncate(descriptor, 0)
    let written = text.utf8.withContiguousStorageIfAvailable {
      pwrite(descriptor, $0.baseAddress, $0.count, 0)
    }
    guard written == text.utf8.count else {
      let cause = systemError()
      close(descriptor)
      throw RunFailure(
        .inputOutput, phase: .lock, "cannot write the lock file \(path): \(cause)")
    }
    return RunLock(descriptor: descriptor)
  }

  deinit {
    ftruncate(descriptor, 0)
    // Closing alone would leave the lock with a program that is just being started and still has a
    // copy of the descriptor.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func read(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return "" }
    let text = String(decoding: bytes.prefix(count), as: UTF8.self)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}

/// The present `errno` in words.
func systemError() -> String {
  guard let text = strerror(errno) else { return "error \(errno)" }
  return String(cString: text)
}
