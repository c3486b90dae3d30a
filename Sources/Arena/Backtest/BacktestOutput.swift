import Analytics
import Glibc
import Trading

/// Tells what came of a back-test.
enum BacktestOutput {
  /// Writes report and picture where they are wanted; where the report goes into a file, people are
  /// told in short on standard output.
  static func write(
    _ report: BacktestReport, _ speed: BacktestSpeed, _ request: BacktestRequest,
    _ environment: [String: String]
  ) throws {
    let outlets = request.report
    let format = outlets.format ?? outlets.file.flatMap(format(ofFile:)) ?? .text
    func text(_ width: Int?) -> String { report.text(width: width, speed: speed) }
    let width = TextStyle.ofStandardOutput(environment).width
    if let svg = outlets.svg { try write(Array(report.svg.utf8), to: svg) }
    guard let file = outlets.file else {
      switch format {
      case .text: StandardStreams.writeOut(text(width))
      case .json: StandardStreams.writeOut(bytes: report.json(speed: speed))
      case .markdown: StandardStreams.writeOut(report.markdown(speed: speed))
      }
      return
    }
    let bytes =
      switch format {
      case .text: Array(text(nil).utf8)
      case .json: report.json(speed: speed)
      case .markdown: Array(report.markdown(speed: speed).utf8)
      }
    try write(bytes, to: file)
    if !request.output.isQuiet { StandardStreams.writeOut(text(width)) }
  }

  private static func format(ofFile path: String) -> ReportFormat? {
    if path.hasSuffix(".json") { return .json }
    return path.hasSuffix(".md") ? .markdown : nil
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(RunFailure) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw cannotWrite(path) }
    defer { close(file) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw cannotWrite(path) }
      written += count
    }
  }

  private static func cannotWrite(_ path: String) -> RunFailure {
    RunFailure(
      .cannotCreate,
      "\(path) cannot be written: \(String(cString: strerror(errno))); give another place")
  }
}

extension StandardStreams {
  /// Writes bytes of UTF-8 to standard output.
  fileprivate static func writeOut(bytes: [UInt8]) {
    writeOut(String(decoding: bytes, as: UTF8.self))
  }
}
