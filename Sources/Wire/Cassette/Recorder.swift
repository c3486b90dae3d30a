import Glibc

/// Sends through another transport and writes every exchange to a cassette, failures included.
///
/// The cassette gains one line for each exchange when it ends. Secret headers are never written;
/// addresses, bodies and errors are redacted. One recorder writes a file at a time.
package actor Recorder: HTTPTransport {
  /// What was left out of a cassette that had been begun before; empty for none.
  package nonisolated let diagnostics: [String]

  private let base: any HTTPTransport
  private let path: String
  private let redaction: Redaction
  private let file: Int32
  private var begun: [CassetteExchange.Identity: Int] = [:]

  /// A recorder that continues the file or begins it.
  ///
  /// - Parameters:
  ///   - base: What sends.
  ///   - path: The cassette.
  ///   - redaction: What must not be written.
  /// - Throws: ``WireError/cassette(_:)`` when the file cannot be used.
  package init(
    _ base: any HTTPTransport, to path: String, redaction: Redaction
  ) throws(WireError) {
    let file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw CassetteFile.problem("be opened", path) }
    do throws(WireError) {
      let known = try Self.takeOver(file, path)
      diagnostics = known.diagnostics
      for exchange in known.exchanges { begun[exchange.identity, default: 0] += 1 }
    } catch {
      Glibc.close(file)
      throw error
    }
    self.file = file
    self.base = base
    self.path = path
    self.redaction = redaction
  }

  deinit { Glibc.close(file) }

  /// Sends and writes what came of it.
  ///
  /// - Throws: What the transport under it throws, or ``WireError/cassette(_:)`` when the exchange
  ///   cannot be written, whatever came of it.
  package func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    let redaction = redaction.hiding(request)
    let identity = request.identity(under: redaction)
    begun[identity, default: 0] += 1
    let number = begun[identity, default: 0]
    do throws(WireError) {
      let response = try await base.send(request)
      let kept = HTTPResponse(
        status: response.status, headers: redaction.headers(response.headers),
        body: redaction.bytes(response.body))
      try write(request, identity, number, .answered(kept), redaction)
      return response
    } catch {
      if case .cassette = error { throw error }
      try write(request, identity, number, .failed(error.redacted(by: redaction)), redaction)
      throw error
    }
  }
}

extension Recorder {
  /// Locks the file, reads it and cuts off a line that was not finished.
  private static func takeOver(_ file: Int32, _ path: String) throws(WireError) -> CassetteFile {
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      throw errno == EWOULDBLOCK
        ? .cassette("\(path) is being recorded by another run; wait for it or name another file")
        : CassetteFile.problem("be locked", path)
    }
    let bytes = try CassetteFile.contents(of: file, path: path)
    let known = try CassetteFile(bytes, path: path)
    if known.wholeBytes < bytes.count, ftruncate(file, off_t(known.wholeBytes)) != 0 {
      throw CassetteFile.problem("be shortened", path)
    }
    return known
  }

  /// Appends a line as a whole, or not at all.
  private func write(
    _ request: HTTPRequest, _ identity: CassetteExchange.Identity, _ number: Int,
    _ outcome: CassetteExchange.Outcome, _ redaction: Redaction
  ) throws(WireError) {
    let line = CassetteLine.bytes(
      of: CassetteExchange(
        identity: identity, number: number,
        requestHeaders: redaction.headers(request.headers),
        requestBody: redaction.bytes(request.body), outcome: outcome))
    let before = lseek(file, 0, SEEK_END)
    var written = 0
    while written < line.count {
      let count = line[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        let problem = CassetteFile.problem("be written", path)
        // Best effort: what stays of the line is left out by the next reader.
        _ = ftruncate(file, before)
        throw problem
      }
      written += count
    }
  }
}
