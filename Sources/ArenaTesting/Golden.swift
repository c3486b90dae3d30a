import Foundation
package import Testing

/// Compares what a test made with a file kept beside the tests.
package enum Golden {
  /// Checks bytes against `Golden/NAME` beside the calling test file.
  ///
  /// A difference is reported with its first differing byte. With `UPDATE_GOLDEN=1` in the
  /// environment the file is rewritten instead, and the test fails so that no run passes on bytes
  /// nobody has looked at.
  ///
  /// - Parameters:
  ///   - bytes: What the code made.
  ///   - name: The file's name in the `Golden` folder.
  ///   - file: The calling test file.
  ///   - location: Where the issue is reported.
  package static func check(
    _ bytes: [UInt8], name: String, file: String = #filePath,
    location: SourceLocation = #_sourceLocation
  ) {
    let url = URL(filePath: file).deletingLastPathComponent()
      .appending(path: "Golden").appending(path: name)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      do {
        try Data(bytes).write(to: url)
        Issue.record("rewrote \(name); look at its diff and run again", sourceLocation: location)
      } catch {
        Issue.record("expected to write \(url.path), was \(error)", sourceLocation: location)
      }
      return
    }
    let expected: [UInt8]
    do {
      expected = [UInt8](try Data(contentsOf: url))
    } catch {
      Issue.record(
        "expected \(url.path), was not there; run with UPDATE_GOLDEN=1", sourceLocation: location)
      return
    }
    guard bytes != expected else { return }
    let offset = zip(bytes, expected).enumerated().first { $1.0 != $1.1 }?.offset
    let index = offset ?? min(bytes.count, expected.count)
    Issue.record(
      """
      \(name) differs at byte \(index):
      expected …\(excerpt(expected, at: index))
      was      …\(excerpt(bytes, at: index))
      """, sourceLocation: location)
  }

  private static func excerpt(_ bytes: [UInt8], at index: Int) -> String {
    let start = max(0, index - 60)
    return String(decoding: bytes[start..<min(bytes.count, index + 60)], as: UTF8.self)
  }
}
