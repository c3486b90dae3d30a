/// The name of a language model in llm.yaml, or `PROVIDER/MODEL` for one without an entry there.
package struct ModelAlias: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The name as configured.
  package let name: String

  /// The alias of that name; `nil` unless it has 1 to 128 letters, digits, `.`, `_`, `-`, `:`,
  /// `/`, `@` or `+`.
  package init?(_ name: String) {
    let extra = Set("._-:/@+".utf8)
    guard !name.isEmpty, name.utf8.count <= 128,
      name.utf8.allSatisfy({ isAlphanumeric($0) || extra.contains($0) })
    else { return nil }
    self.name = name
  }

  /// The name.
  package var description: String { name }

  /// Whether the left name sorts first, by Unicode scalars.
  package static func < (left: ModelAlias, right: ModelAlias) -> Bool {
    left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
  }
}
