import CPosix
import Glibc
import Trading

/// A started program and the pipes to it.
struct RunningChild {
  private let pid: pid_t
  private var input: ArraySlice<UInt8>
  /// Where the program reads; a socket, because writing to a closed one need not raise a signal.
  private var inputSocket: Int32
  private var outputPipe: Int32
  private var errorPipe: Int32
  private var output: [UInt8] = []
  private var complaint: [UInt8] = []

  /// How long the thread sleeps at most before it looks at the time and the flag, in ms.
  private static let tickMs: Int32 = 20

  /// Starts the program.
  init(_ child: ChildProcess, input: [UInt8]) throws(ChildProcess.Failure) {
    self.input = input[...]
    var toChild: [Int32] = [-1, -1]
    var fromChild: [Int32] = [-1, -1]
    var complaints: [Int32] = [-1, -1]
    let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, flags, 0, &toChild) == 0, nof0_pipe2(&fromChild, O_CLOEXEC) == 0,
      nof0_pipe2(&complaints, O_CLOEXEC) == 0
    else {
      let reason = systemError()
      Self.close(toChild + fromChild + complaints)
      throw .notStarted(reason)
    }
    let started = Self.spawn(
      child, input: toChild[1], output: fromChild[1], errors: complaints[1])
    Self.close([toChild[1], fromChild[1], complaints[1]])
    switch started {
    case .success(let pid):
      self.pid = pid
      inputSocket = toChild[0]
      outputPipe = fromChild[0]
      errorPipe = complaints[0]
    case .failure(let failure):
      Self.close([toChild[0], fromChild[0], complaints[0]])
      throw failure
    }
    for descriptor in [inputSocket, outputPipe, errorPipe] {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
  }

  /// Speaks with the program until it has ended, then cleans up after it.
  mutating func finish(
    withinMs limitMs: Double, isCancelled: CancelFlag
  ) throws(ChildProcess.Failure) -> [UInt8] {
    let deadline = WallClock.live.monotonicMs() + limitMs
    var failure: ChildProcess.Failure?
    while failure == nil, outputPipe >= 0 || errorPipe >= 0 {
      if isCancelled.isRaised {
        failure = .cancelled
      } else if WallClock.live.monotonicMs() >= deadline {
        failure = .timedOut
      } else if output.count > ChildProcess.maxOutputBytes {
        failure = .tooMuchOutput
      } else {
        exchange()
        // What it left running may hold its pipes open for ever; it has said all it will.
        if hasEnded {
          drain()
          break
        }
      }
    }
    // Who can answer no more must not wait for the rest of its input either.
    Self.close([inputSocket])
    inputSocket = -1
    let status = reap(until: deadline, isCancelled, &failure)
    Self.close([outputPipe, errorPipe])
    if let failure { throw failure }
    guard output.count <= ChildProcess.maxOutputBytes else { throw .tooMuchOutput }
    guard let ending = Self.trouble(of: status) else { return output }
    throw .ended(how: ending, complaint: String(decoding: complaint, as: UTF8.self))
  }
}

extension RunningChild {
  /// Starts the program in a process group of its own with only its three pipes open.
  private static func spawn(
    _ child: ChildProcess, input: Int32, output: Int32, errors: Int32
  ) -> Result<pid_t, ChildProcess.Failure> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    nof0_spawn_close_from(&actions, 3)
    nof0_spawn_in_folder(&actions, child.command.folder)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var everySignal = sigset_t()
    sigfillset(&everySignal)
    var noSignal = sigset_t()
    sigemptyset(&noSignal)
    posix_spawnattr_setsigdefault(&attributes, &everySignal)
    posix_spawnattr_setsigmask(&attributes, &noSignal)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    posix_spawnattr_setflags(&attributes, Int16(flags))

    let arguments = CStrings(child.command.arguments)
    let environment = CStrings(child.environment)
    defer {
      arguments.free()
      environment.free()
    }
    var pid = pid_t()
    let status = posix_spawn(
      &pid, child.command.arguments[0], &actions, &attributes, arguments.pointers,
      environment.pointers)
    return status == 0
      ? .success(pid) : .failure(.notStarted(String(cString: strerror(status))))
  }

  private static func close(_ descriptors: [Int32]) {
    for descriptor in descriptors where descriptor >= 0 { _ = Glibc.close(descriptor) }
  }

  /// Writes what can be written and reads what is there, or waits a moment.
  private mutating func exchange() {
    var descriptors = [
      pollfd(fd: inputSocket, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: outputPipe, events: Int16(POLLIN), revents: 0),
      pollfd(fd: errorPipe, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&descriptors, nfds_t(descriptors.count), Self.tickMs) > 0 else { return }
    if descriptors[0].revents != 0 { write() }
    if descriptors[1].revents != 0 { readOutput() }
    if descriptors[2].revents != 0 { readComplaint() }
  }

  /// Whether the program has ended; it stays a zombie, so that its number is not given away.
  private var hasEnded: Bool {
    var end = siginfo_t()
    let flags = WEXITED | WNOHANG | WNOWAIT
    // An error means that there is no such child any more.
    return waitid(P_PID, id_t(pid), &end, flags) != 0 || end.si_signo == SIGCHLD
  }

  /// Reads what an ended program left in its pipes, and no more than is kept.
  private mutating func drain() {
    while output.count <= ChildProcess.maxOutputBytes, readOutput() {}
    var rest = ChildProcess.maxOutputBytes
    while rest > 0, readComplaint() { rest -= ChildProcess.keptErrorBytes }
  }

  @discardableResult
  private mutating func readOutput() -> Bool {
    Self.read(&outputPipe, into: &output, keeping: .max)
  }

  @discardableResult
  private mutating func readComplaint() -> Bool {
    Self.read(&errorPipe, into: &complaint, keeping: ChildProcess.keptErrorBytes)
  }

  private mutating func write() {
    let sent = input.withUnsafeBytes {
      send(inputSocket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    if sent > 0 { input.removeFirst(sent) }
    // A program that does not read all of its input may still answer.
    let isOver = sent < 0 && errno != EAGAIN && errno != EINTR
    if input.isEmpty || isOver {
      Self.close([inputSocket])
      inputSocket = -1
    }
  }

  /// Reads what is there; at the end of the stream its descriptor is closed and becomes −1.
  ///
  /// Returns whether there was something.
  private static func read(
    _ descriptor: inout Int32, into bytes: inout [UInt8], keeping: Int
  ) -> Bool {
    guard descriptor >= 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    if count > 0 {
      bytes.append(contentsOf: buffer[..<count])
      if bytes.count > keeping { bytes.removeFirst(bytes.count - keeping) }
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      close([descriptor])
      descriptor = -1
    }
    return count > 0
  }

  /// Waits for the end of the program, or makes it; what it left running is killed in any case.
  private func reap(
    until deadline: Double, _ isCancelled: CancelFlag, _ failure: inout ChildProcess.Failure?
  ) -> Int32 {
    while failure == nil, !hasEnded {
      if isCancelled.isRaised {
        failure = .cancelled
      } else if WallClock.live.monotonicMs() >= deadline {
        failure = .timedOut
      } else {
        usleep(1000)
      }
    }
    // Before its number is given away: afterwards the group could be somebody else's.
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    while true {
      if waitpid(pid, &status, 0) == pid { return status }
      guard errno == EINTR else { return Self.unknownStatus }
    }
  }

  /// How a program ended that somebody else waited for: as if with status 255.
  private static let unknownStatus: Int32 = 255 << 8

  /// How a program ended, when not well.
  private static func trouble(of status: Int32) -> String? {
    let signal = status & 0x7F
    if signal != 0 { return "was ended by signal \(signal)" }
    let code = (status >> 8) & 0xFF
    return code == 0 ? nil : "ended with status \(code)"
  }
}

/// A list of C texts that ends with a null.
private struct CStrings {
  let pointers: [UnsafeMutablePointer<CChar>?]

  init(_ texts: [String]) { pointers = texts.map { strdup($0) } + [nil] }

  func free() { for pointer in pointers { Glibc.free(pointer) } }
}
