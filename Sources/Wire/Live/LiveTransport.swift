import Glibc
import Synchronization

/// The network: libcurl's multi interface behind one thread.
///
/// The thread starts with the first request (or ``prepare()``), so that a run without requests pays
/// nothing, and ends with ``close()``. Certificates are always verified, redirects never followed,
/// bodies decompressed; HTTP/2 is used where a TLS server offers it. The number of open files the
/// process may have is raised to 8192 if the system admits it, for many requests at once.
///
/// A POST is never sent twice: libcurl repeats a request by itself when a kept connection turns out
/// dead before any answer; a POST that has gone out ends as ``WireError/broken(detail:wasSent:)``
/// instead, and the caller decides.
package final class LiveTransport: HTTPTransport {
  private let mailbox: Mailbox

  /// A transport that has not touched the network yet.
  package init(_ settings: LiveSettings = LiveSettings()) {
    mailbox = Mailbox(settings)
  }

  deinit { mailbox.close() }

  /// Starts the thread, and with it libcurl, which takes some milliseconds, before it is needed.
  package func prepare() { mailbox.start() }

  /// Sends a request once and returns what came back, whatever its status.
  ///
  /// Cancelling the task answers at once, and the driver then closes the connection (a stream,
  /// where HTTP/2 shares one). A header line that would break the head of the request, as a key
  /// with a line break does, is a ``WireError/broken(detail:wasSent:)`` with nothing sent.
  package func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    try Self.check(request)
    let call = Call(request)
    let answer = await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        if call.begin(waiter) { mailbox.post(call) }
      }
    } onCancel: {
      if call.answer(.failure(.cancelled)) { mailbox.drop(call) }
    }
    return try answer.get()
  }

  /// Ends the thread and every connection; requests under way and later ones are `.cancelled`.
  package func close() { mailbox.close() }

  private static func check(_ request: HTTPRequest) throws(WireError) {
    guard RequestAddress(request.url) != nil else {
      throw .badURL(RequestAddress.shown(request.url))
    }
    for header in request.headers {
      guard !header.name.isEmpty, header.name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
        !header.name.contains(":"),
        header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
      else {
        throw .broken(
          detail: "expected the header \(header.name.prefix(40).filter(\.isLetter)) without "
            + "control characters; look for a line break at its end", wasSent: false)
      }
    }
  }
}
