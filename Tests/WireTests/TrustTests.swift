import Foundation
import Testing
import Wire

/// Whether there is an `openssl` to make a certificate and serve TLS with.
private let hasOpenSSL = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

@Suite(.enabled(if: hasOpenSSL, "needs /usr/bin/openssl"), .timeLimit(.minutes(30)))
struct TrustTests {
  @Test func acceptsOnlyWhatTheGivenFileVouchesFor() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "nof0-tls-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let certificate = folder.appending(path: "cert.pem").path
    let key = folder.appending(path: "key.pem").path
    let maker = try openssl([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
      "2",
      "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
      certificate,
    ])
    maker.process.waitUntilExit()
    let server = try openssl(
      ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificate, "-key", key])
    defer { server.process.terminate() }
    let port = try #require(acceptedPort(server.output))
    let request = get("https://127.0.0.1:\(port)/")

    let refused = await outcome(of: request, over: transport())
    let accepted = await outcome(
      of: request, over: LiveTransport(LiveSettings(caFile: certificate, proxy: .none)))
    let noFile = await outcome(
      of: request, over: LiveTransport(LiveSettings(caFile: "/nowhere.pem", proxy: .none)))
    let otherName = await outcome(
      of: get("https://localhost:\(port)/"),
      over: LiveTransport(LiveSettings(caFile: certificate, proxy: .none)))

    #expect(isUntrusted(refused), "was \(refused)")
    let status = try accepted.get().status
    #expect(status == 200)
    #expect(isUntrusted(noFile), "was \(noFile)")
    #expect(isUntrusted(otherName), "was \(otherName)")
  }

  private func isUntrusted(_ result: Result<HTTPResponse, WireError>) -> Bool {
    if case .failure(.untrusted) = result { true } else { false }
  }

  private func openssl(_ arguments: [String]) throws -> (process: Process, output: FileHandle) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments = arguments
    let output = Pipe()
    process.standardInput = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, output.fileHandleForReading)
  }

  /// The port in the line `ACCEPT 127.0.0.1:PORT`.
  private func acceptedPort(_ output: FileHandle) -> Int? {
    var text = ""
    while true {
      let more = output.availableData
      if more.isEmpty { return nil }
      text += String(decoding: more, as: UTF8.self)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      if let line = lines.first(where: { $0.hasPrefix("ACCEPT") }) {
        return line.split(separator: ":").last.flatMap { Int($0) }
      }
    }
  }
}
