/// The variables that the configuration may refer to; their values are never shown.
package struct ConfigEnvironment: Sendable, CustomStringConvertible, CustomReflectable {
  private let variables: [String: String]

  /// An environment of those variables.
  package init(_ variables: [String: String]) { self.variables = variables }

  /// The value of a variable; `nil` when it is not set.
  package subscript(_ name: String) -> String? { variables[name] }

  /// How many variables there are, and nothing about their values.
  package var description: String { "\(variables.count) environment variables" }

  /// A mirror without children.
  package var customMirror: Mirror { Mirror(self, children: []) }

  /// The environment with the variables of a `.env` file added.
  ///
  /// A variable that is set already keeps its value unless `DOTENV_OVERLOAD` is `1`.
  func adding(_ file: [String: String]) -> ConfigEnvironment {
    let fileWins = variables["DOTENV_OVERLOAD"] == "1"
    return ConfigEnvironment(variables.merging(file) { fileWins ? $1 : $0 })
  }
}

/// A text after its variables were replaced.
struct ExpandedText: Equatable {
  var text = ""
  /// Names of variables that are not set, in order; each stands as nothing in the text.
  var missing: [String] = []
  /// Names of all variables used, in order.
  var used: [String] = []
  /// Whether a `${` has no `}` or no proper name.
  var isMalformed = false

  /// Replaces `$NAME` and `${NAME}`; `$$` becomes `$`, and a `$` before anything else stays.
  init(_ source: String, in environment: ConfigEnvironment) {
    guard source.utf8.contains(UInt8(ascii: "$")) else {
      text = source
      return
    }
    var rest = source.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "$" else {
        text.unicodeScalars.append(scalar)
        continue
      }
      if rest.first == "$" {
        rest.removeFirst()
        text.append("$")
      } else if rest.first == "{" {
        expandBraced(&rest, environment)
      } else if let first = rest.first, Self.startsName(first) {
        let name = String(rest.prefix(while: Self.continuesName))
        rest = rest.dropFirst(name.unicodeScalars.count)
        insert(name, environment)
      } else {
        text.append("$")
      }
    }
  }

  private mutating func expandBraced(
    _ rest: inout Substring.UnicodeScalarView, _ environment: ConfigEnvironment
  ) {
    let name = String(rest.dropFirst().prefix { $0 != "}" })
    let isName =
      name.unicodeScalars.first.map(Self.startsName) == true
      && name.unicodeScalars.allSatisfy(Self.continuesName)
    guard isName, rest.dropFirst(1 + name.unicodeScalars.count).first == "}" else {
      isMalformed = true
      text.append("$")
      return
    }
    rest = rest.dropFirst(name.unicodeScalars.count + 2)
    insert(name, environment)
  }

  private mutating func insert(_ name: String, _ environment: ConfigEnvironment) {
    used.append(name)
    if let value = environment[name] { text += value } else { missing.append(name) }
  }

  private static func startsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }

  private static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    startsName(scalar) || ("0"..."9").contains(scalar)
  }
}
