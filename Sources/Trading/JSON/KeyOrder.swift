/// Checks in debug builds that the keys of an object ascend; keeps and does nothing in others.
struct KeyOrder: Sendable {
  #if DEBUG
    private var last: String?
  #endif

  /// Notes the next key; a debug build stops where it is not above the one before.
  mutating func check(_ key: String) {
    #if DEBUG
      assert(
        last.map { $0.utf8.lexicographicallyPrecedes(key.utf8) } ?? true,
        "expected keys in ascending order, was \(key) after \(last ?? "")")
      last = key
    #endif
  }
}
