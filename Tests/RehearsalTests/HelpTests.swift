import Foundation
import Testing

@Suite("The binary's help")
struct HelpTests {
  @Test func namesEveryCommand() throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = Bundle.main.bundleURL.deletingLastPathComponent()
      .appending(path: "nof0")
    process.arguments = ["--help"]
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()

    #expect(process.terminationStatus == 0)
    for command in ["run", "status", "export", "config", "state", "exit-codes"] {
      #expect(text.contains("\n  \(command) "), "expected \(command) in the help")
    }
  }
}
