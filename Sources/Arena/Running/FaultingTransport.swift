import Wire

/// The network of tests that kill the process: tells when something is about to be sent to a venue
/// that may execute it, and when its answer has come.
struct FaultingTransport: HTTPTransport {
  let inner: any HTTPTransport
  let faults: FaultInjection

  func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    guard request.url.hasSuffix("/exchange") else { return try await inner.send(request) }
    faults.reach("send.before")
    do {
      let response = try await inner.send(request)
      faults.reach("send.after")
      return response
    } catch {
      faults.reach("send.after")
      throw error
    }
  }
}
