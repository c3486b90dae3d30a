/// Reads a `.env` file: `NAME=value` lines, `#` comments, optional `export`, quotes as in a shell.
struct DotEnv {
  /// The variables of the file.
  var variables: [String: String] = [:]
  /// What is wrong with it; never quotes a value.
  var issues: [ConfigIssue] = []

  /// Reads the text of a file.
  ///
  /// Values in double quotes or none may use variables set above them or
  /// in the environment; values in single quotes stay as they are.
  init(_ text: String, file: String, environment: ConfigEnvironment) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let statement = Self.trimmed(line[...])
      guard !statement.isEmpty, !statement.hasPrefix("#") else { continue }
      let place = ConfigPlace(file: file, line: index + 1, column: 1)
      guard let (name, value) = Self.assignment(statement) else {
        issues.append(
          ConfigIssue(
            .error, at: place, key: "", problem: "expected NAME=value",
            advice: "write one variable a line, or put # before a comment"))
        continue
      }
      switch Self.unquoted(value) {
      case .plain(let text):
        let known = environment.adding(variables)
        variables[name] = ExpandedText(text, in: known).text
      case .literal(let text): variables[name] = text
      case .unclosed:
        issues.append(
          ConfigIssue(
            .error, at: place, key: "", problem: "the value of \(name) lacks its closing quote",
            advice: "close the quote on the same line"))
      }
    }
  }

  private enum Value {
    case plain(String)
    case literal(String)
    case unclosed
  }

  private static func assignment(_ line: Substring) -> (name: String, value: Substring)? {
    var rest = line
    if rest.hasPrefix("export ") { rest = trimmed(rest.dropFirst(7)) }
    guard let equals = rest.firstIndex(of: "=") else { return nil }
    let name = trimmed(rest[..<equals])
    let isName =
      name.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
      } && name.utf8.first.map { !(48...57).contains($0) } == true
    return isName ? (String(name), trimmed(rest[rest.index(after: equals)...])) : nil
  }

  private static func unquoted(_ value: Substring) -> Value {
    guard let quote = value.first, quote == "\"" || quote == "'" else {
      // A comment may follow after a space.
      var text = value
      if value.hasPrefix("#") { text = "" }
      if let comment = indexOfComment(value) { text = value[..<comment] }
      return .plain(String(trimmed(text)))
    }
    let body = value.dropFirst()
    guard let end = closing(quote, in: body) else { return .unclosed }
    let inner = body[..<end]
    guard quote == "\"" else { return .literal(String(inner)) }
    return .plain(unescaped(inner))
  }

  private static func indexOfComment(_ value: Substring) -> Substring.Index? {
    var previous: Character = "x"
    for index in value.indices {
      if value[index] == "#", previous == " " || previous == "\t" { return index }
      previous = value[index]
    }
    return nil
  }

  private static func closing(_ quote: Character, in body: Substring) -> Substring.Index? {
    var isEscaped = false
    for index in body.indices {
      if !isEscaped, body[index] == quote { return index }
      isEscaped = quote == "\"" && body[index] == "\\" && !isEscaped
    }
    return nil
  }

  private static func unescaped(_ text: Substring) -> String {
    var result = ""
    var isEscaped = false
    for character in text {
      if isEscaped {
        result.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        result.append(character)
      }
    }
    return result
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
    var text = text.drop(while: isSpace)
    while let last = text.last, isSpace(last) { text.removeLast() }
    return text
  }
}
