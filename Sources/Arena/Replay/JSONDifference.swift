package import Trading

/// The first place in which two JSON documents differ.
package struct JSONDifference: Sendable, Equatable {
  /// The place, for example `$.decisions[0].verdict`.
  package let path: String
  /// What stands there in the first document; `nothing` where there is nothing.
  package let first: String
  /// What stands there in the second one.
  package let second: String

  /// The first difference of two documents; `nil` when they are the same.
  package init?(_ first: JSONValue, _ second: JSONValue, at path: String = "$") {
    guard first != second else { return nil }
    switch (first, second) {
    case (.object(let left), .object(let right)):
      let names = Set(left.map(\.name)).union(right.map(\.name)).sorted()
      for name in names where first[name] != second[name] {
        self.init(first[name], second[name], at: "\(path).\(name)")
        return
      }
    case (.array(let left), .array(let right)):
      for index in 0..<max(left.count, right.count) where first[index] != second[index] {
        self.init(first[index], second[index], at: "\(path)[\(index)]")
        return
      }
    default: break
    }
    self.init(path: path, first, second)
  }

  private init(_ first: JSONValue?, _ second: JSONValue?, at path: String) {
    if let first, let second, let deeper = JSONDifference(first, second, at: path) {
      self = deeper
    } else {
      self.init(path: path, first, second)
    }
  }

  private init(path: String, _ first: JSONValue?, _ second: JSONValue?) {
    self.path = path
    self.first = Self.shown(first)
    self.second = Self.shown(second)
  }

  private static let shownCharacters = 200

  private static func shown(_ value: JSONValue?) -> String {
    guard let text = value?.document else { return "nothing" }
    return text.count > shownCharacters ? text.prefix(shownCharacters) + "…" : text
  }
}
