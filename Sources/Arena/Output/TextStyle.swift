import Glibc

/// How text for people looks: as wide as their terminal, in colour, with curves.
package struct TextStyle: Sendable, Equatable {
  /// Columns that a line may have; `nil` = any number.
  package let width: Int?
  /// Whether words are coloured.
  package let isColoured: Bool
  /// Whether curves are drawn.
  package let drawsCurves: Bool

  /// A style from its parts.
  package init(width: Int?, isColoured: Bool, drawsCurves: Bool) {
    self.width = width
    self.isColoured = isColoured
    self.drawsCurves = drawsCurves
  }

  /// Text for pipes and files: the same wherever it is made.
  package static let plain = TextStyle(width: nil, isColoured: false, drawsCurves: false)

  /// Lines are never made narrower than this.
  private static let least = 40

  /// The style of standard output.
  ///
  /// - Parameters:
  ///   - environment: `COLUMNS` tells the width, also where there is no terminal; `NO_COLOR` (any
  ///     value but the empty one, no-color.org) and `TERM=dumb` switch colours off.
  ///   - isTerminal: Whether standard output is a terminal.
  ///   - terminalWidth: Its width; `nil` = it does not say.
  /// - Returns: The style; ``plain`` where there is neither a terminal nor a width.
  package static func of(
    _ environment: [String: String], isTerminal: Bool, terminalWidth: Int?
  ) -> TextStyle {
    let wanted = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    let width = wanted ?? (isTerminal ? terminalWidth ?? 80 : nil)
    let isPlain = environment["NO_COLOR"] ?? "" != "" || environment["TERM"] == "dumb"
    return TextStyle(
      width: width.map { max($0, least) }, isColoured: isTerminal && !isPlain,
      drawsCurves: width != nil)
  }

  /// The style of this process's standard output.
  package static func ofStandardOutput(_ environment: [String: String]) -> TextStyle {
    of(
      environment, isTerminal: StandardStreams.outIsTerminal,
      terminalWidth: StandardStreams.outWidth)
  }
}

/// A colour that says something.
package enum Tint: Sendable, Equatable {
  /// A gain, or all is well.
  case good
  /// A loss, or harm.
  case bad
  /// Something to look at.
  case warning
  /// Less important.
  case faint
  /// A heading.
  case strong

  /// What switches it on, in a terminal.
  private var code: String {
    switch self {
    case .good: "32"
    case .bad: "31"
    case .warning: "33"
    case .faint: "2"
    case .strong: "1"
    }
  }

  /// A text in this colour.
  func on(_ text: String) -> String { "\u{1B}[\(code)m\(text)\u{1B}[0m" }

  /// The tint of a number: gains and losses; `nil` = neither.
  static func of(_ number: Double?) -> Tint? {
    guard let number, number != 0 else { return nil }
    return number > 0 ? .good : .bad
  }
}

extension TextStyle {
  /// A text in a colour, where colours are wanted.
  func tinted(_ text: String, _ tint: Tint?) -> String {
    guard isColoured, let tint, text.contains(where: { $0 != " " }) else { return text }
    return tint.on(text)
  }

  /// Lines broken between words where they are too long; what follows is indented by four.
  func wrapped(_ text: String) -> String {
    guard let width else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Readable.columns($0) <= width ? String($0) : broken($0, at: width) }
      .joined(separator: "\n")
  }

  private func broken(_ line: Substring, at width: Int) -> String {
    var lines: [String] = []
    var current = ""
    for word in line.split(separator: " ", omittingEmptySubsequences: false) {
      let joined = current.isEmpty ? String(word) : current + " " + word
      if Readable.columns(joined) <= width || current.isEmpty {
        current = joined
      } else {
        lines.append(current)
        current = "    " + word
      }
    }
    return (lines + [current]).map { Readable.cut($0, to: width) }.joined(separator: "\n")
  }
}

extension StandardStreams {
  /// Columns of the terminal on standard output; `nil` = it is none, or does not say.
  package static var outWidth: Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
