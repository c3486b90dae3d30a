import Glibc
import Journal
import Synchronization
import Trading
import Wire

/// Answers that were given before, by the content of the question.
final class AnswerBook: Sendable {
  /// What was answered.
  struct Answer: Sendable, Hashable {
    let answeredBy: String
    let reply: String
    let reasoning: String
  }

  /// What stands in for an answer that is not there: to hold.
  static let missing = "{\"decisions\":[],\"note\":\"no recorded answer\"}"
  /// Why a turn with it came to nothing.
  static let missingReason = "no recorded answer"
  /// Where `--llm live` keeps answers, in the folder of the state.
  static let fileName = "backtest-answers.jsonl"
  /// The largest file of answers, in bytes.
  private static let largestFile = 1 << 30

  private let answers = Mutex<[String: Answer]>([:])

  /// How many answers there are.
  var count: Int { answers.withLock { $0.count } }

  /// The answer to a question; `nil` when it was not asked before.
  func answer(to digest: String) -> Answer? { answers.withLock { $0[digest] } }

  /// Adds an answer; of two to one question the first stays.
  func add(_ answer: Answer, to digest: String) {
    answers.withLock { known in
      if known[digest] == nil { known[digest] = answer }
    }
  }

  /// Reads what `--answers` names: files of kept answers, databases, state folders, a cassette.
  ///
  /// - Parameters:
  ///   - paths: Files and folders.
  ///   - cassette: Set to the path of a cassette when one is among them.
  /// - Returns: Things worth knowing, in words.
  /// - Throws: ``RunFailure`` for what is missing or cannot be read.
  func read(_ paths: [String], _ cassette: inout String?) throws -> [String] {
    var notices: [String] = []
    for path in paths {
      switch ConfigFiles.kind(path) {
      case .absent:
        throw RunFailure(
          .inputOutput, "--answers: there is no \(path); give a file or a state folder")
      case .folder:
        let file = path + "/" + Self.fileName
        if ConfigFiles.kind(file) != .absent { try readFile(file) }
        if ConfigFiles.kind(path + "/nof0.sqlite") != .absent {
          try readDatabase(path + "/nof0.sqlite")
        }
      case .file, .program:
        switch try Self.kind(of: path) {
        case .database: try readDatabase(path)
        case .answers: try readFile(path)
        case .cassette:
          if let cassette {
            throw RunFailure(
              .usage, "--answers: expected one cassette, was \(cassette) and \(path)")
          }
          cassette = path
        }
      }
      notices.append("\(count) answers known after reading \(path)")
    }
    return notices
  }

  /// Reads the answers of the state, as far as there is one.
  func readState(_ places: Places) throws {
    let file = places.state + "/" + Self.fileName
    if ConfigFiles.kind(file) != .absent { try readFile(file) }
    if ConfigFiles.kind(places.database) != .absent { try readDatabase(places.database) }
  }

  private func readDatabase(_ path: String) throws {
    let store = StateStore(
      try JournalDatabase.open(path: path, mode: .readOnly, faultHook: { _ in }))
    for answer in try store.givenAnswers() where answer.reply != Self.missing {
      add(
        Answer(
          answeredBy: answer.answeredBy, reply: answer.reply, reasoning: answer.reasoning),
        to: answer.questionDigest)
    }
  }

  private func readFile(_ path: String) throws {
    switch ConfigFiles.text(path, limit: Self.largestFile) {
    case .absent: return
    case .refused(let why): throw RunFailure(.inputOutput, "\(path) \(why)")
    case .text(let text):
      for (index, line) in text.utf8.split(separator: 0x0A).enumerated() {
        guard let (digest, answer) = AnswerLine.read(Array(line)) else {
          throw RunFailure(
            .inputOutput,
            "\(path):\(index + 1): expected an answer as `backtest --llm live` keeps it; remove "
              + "the line")
        }
        add(answer, to: digest)
      }
    }
  }

  private enum FileKind { case database, answers, cassette }

  private static func kind(of path: String) throws -> FileKind {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw RunFailure(.inputOutput, "\(path) cannot be read") }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = Glibc.read(file, &bytes, bytes.count)
    let head = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    if head.hasPrefix("SQLite format 3") { return .database }
    return head.hasPrefix(AnswerLine.prefix) ? .answers : .cassette
  }
}

/// One line of a file of answers: canonical JSON.
enum AnswerLine {
  /// How each line begins.
  static let prefix = "{\"answered_by\":"

  /// The line of an answer, with its line feed.
  static func bytes(_ answer: AnswerBook.Answer, to digest: String) -> [UInt8] {
    CanonicalJSON.document { json in
      json.field("answered_by", answer.answeredBy)
      json.field("question_digest", digest)
      json.field("reasoning", answer.reasoning)
      json.field("reply", answer.reply)
    }
  }

  /// The answer of a line; `nil` when it is none.
  static func read(_ line: [UInt8]) -> (digest: String, answer: AnswerBook.Answer)? {
    // What cannot be read is told by the caller, who knows where it stands.
    guard let value = try? JSONReader.value(of: line),
      let digest = value["question_digest"]?.text, let by = value["answered_by"]?.text,
      let reply = value["reply"]?.text, let reasoning = value["reasoning"]?.text
    else { return nil }
    return (digest, AnswerBook.Answer(answeredBy: by, reply: reply, reasoning: reasoning))
  }
}

/// A file that answers are added to.
final class AnswerKeeper: Sendable {
  private let file: Mutex<Int32>
  private let redaction: Redaction

  /// Opens the file, or makes it; what is secret is hidden in it.
  init(_ path: String, redaction: Redaction) throws(RunFailure) {
    let opened = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard opened >= 0 else {
      throw RunFailure(
        .inputOutput, "\(path) cannot be opened for answers: \(String(cString: strerror(errno)))")
    }
    file = Mutex(opened)
    self.redaction = redaction
  }

  deinit { file.withLock { _ = close($0) } }

  /// Adds an answer; what cannot be kept is asked again the next time.
  func keep(_ answer: AnswerBook.Answer, to digest: String) {
    let line = AnswerLine.bytes(
      AnswerBook.Answer(
        answeredBy: redaction.text(answer.answeredBy), reply: redaction.text(answer.reply),
        reasoning: redaction.text(answer.reasoning)), to: digest)
    file.withLock { _ = Glibc.write($0, line, line.count) }
  }
}
