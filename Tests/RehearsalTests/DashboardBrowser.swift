import Foundation

/// Chromium without a window.
enum DashboardBrowser {
  /// What it saw of a page.
  struct Visit {
    /// The document at the end, as HTML.
    let document: String
    /// What the console said: errors, warnings and violations of the policy.
    let console: [String]
  }

  /// The browser's program; `nil` where none is installed.
  static let program = [
    "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
  ].first(where: FileManager.default.isExecutableFile(atPath:))

  /// Opens an address and lets so much of the page's own time pass, which goes fast.
  static func visit(_ address: String, milliseconds: Int = 8000) throws -> Visit {
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "nof0-browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    // What a browser leaves in a temporary folder does no harm.
    defer { try? FileManager.default.removeItem(at: scratch) }
    let (out, error) = (scratch.appending(path: "out"), scratch.appending(path: "error"))
    for url in [out, error] { try Data().write(to: url) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/timeout")
    process.arguments = [
      "--signal=KILL", "180", program ?? "chromium", "--headless", "--no-sandbox",
      "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr",
      "--user-data-dir=\(scratch.path)/profile", "--window-size=1400,1600",
      "--virtual-time-budget=\(milliseconds)", "--dump-dom", address,
    ]
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": scratch.path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: error)
    try process.run()
    process.waitUntilExit()
    let lines = String(decoding: try Data(contentsOf: error), as: UTF8.self)
      .split(separator: "\n").map(String.init)
    return Visit(
      document: String(decoding: try Data(contentsOf: out), as: UTF8.self),
      console: lines.filter { $0.contains(":CONSOLE") })
  }
}
