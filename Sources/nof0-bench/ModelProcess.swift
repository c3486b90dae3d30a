import Glibc
import ModelStandIn

/// A model server in a process of its own.
///
/// A child's greatest memory counts what it is made from, and a server that holds a thousand
/// questions is not small.
struct ModelProcess {
  /// What a server saw since it started.
  struct Count {
    /// Requests that came.
    let requests: Int
    /// The most that waited at the same time.
    let mostAtOnce: Int
    /// Its CPU time, user and system, in whole ms: it takes it from the program measured.
    let cpuMs: Int
  }

  /// The word that makes this program a server.
  static let word = "serve-models"
  private static let part = "bench"

  /// The port it serves on.
  let port: Int
  private let child: pid_t
  /// A line written here asks for the count; its end stops the server.
  private let questions: UnsafeMutablePointer<FILE>
  private let answers: UnsafeMutablePointer<FILE>

  /// The base address of a server on a port.
  static func address(_ port: Int) -> String { "http://127.0.0.1:\(port)/as/\(part)/v1" }

  /// Serves in this process until its input ends.
  static func serve(delayMs: Int) {
    let hold = Reply(.decision(.hold), toolUse: .never)
    let turn = Turn(.answer(hold), after: .milliseconds(delayMs))
    let server = ModelServer(ModelScript(parts: [part: [turn]], reading: .names))
    do {
      say("\(try server.start())")
    } catch {
      return say("\(error)")
    }
    while readLine() != nil {
      say("\(server.total.requests) \(server.total.mostAtOnce) \(cpuMs)")
    }
    server.stop()
  }

  private static var cpuMs: Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  private static func say(_ line: String) {
    print(line)
    fflush(nil)
  }

  /// Starts a server whose answers take so long; `nil` when that fails.
  static func start(delayMs: Int) -> ModelProcess? {
    guard let toChild = pipe(), let fromChild = pipe() else { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toChild.reading, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, fromChild.writing, STDOUT_FILENO)
    let texts = ["nof0-bench", word, "\(delayMs)"]
    var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var child = pid_t()
    guard posix_spawn(&child, "/proc/self/exe", &actions, nil, &words, environ) == 0,
      let questions = fdopen(toChild.writing, "w"), let answers = fdopen(fromChild.reading, "r")
    else { return nil }
    close(toChild.reading)
    close(fromChild.writing)
    guard let port = line(from: answers).flatMap({ Int($0) }) else { return nil }
    return ModelProcess(port: port, child: child, questions: questions, answers: answers)
  }

  /// What it saw so far; `nil` when it is gone.
  func count() -> Count? {
    fputs("count\n", questions)
    fflush(questions)
    let numbers = Self.line(from: answers)?.split(separator: " ").compactMap { Int($0) } ?? []
    guard numbers.count == 3 else { return nil }
    return Count(requests: numbers[0], mostAtOnce: numbers[1], cpuMs: numbers[2])
  }

  /// Ends it.
  func stop() {
    fclose(questions)
    fclose(answers)
    var status: Int32 = 0
    waitpid(child, &status, 0)
  }

  private static func line(from file: UnsafeMutablePointer<FILE>) -> String? {
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, 256, file) != nil else { return nil }
    let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func pipe() -> (reading: Int32, writing: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }
}
