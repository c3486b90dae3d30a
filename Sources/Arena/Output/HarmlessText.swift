extension Readable {
  /// Text from outside, for a terminal: control characters other than the line feed, and marks that
  /// change the direction of writing, end a line in some other way or cannot be seen at all, become
  /// `�`.
  ///
  /// What a model writes must not move the cursor, change colours or hide other text.
  package static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    var harmless = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { harmless.append(isHarmful(scalar) ? "\u{FFFD}" : scalar) }
    return String(harmless)
  }

  /// ``harmless(_:)`` on one line: line feeds become spaces.
  package static func harmlessLine(_ text: String) -> String {
    String(harmless(text).map { $0.isNewline ? " " : $0 })
  }

  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A: false
    case 0..<0x20, 0x7F..<0xA0: true
    // Directions: marks, embeddings, overrides, isolates and their deprecated relatives.
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x206F: true
    // Other ends of lines, annotations, tags that spell hidden text.
    case 0x2028, 0x2029, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
    default: false
    }
  }
}
