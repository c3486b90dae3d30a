import CCurl

/// How libcurl says that a transfer failed.
struct CurlFailure {
  let code: CURLcode
  /// What libcurl adds; may be empty.
  let detail: String
  /// Whether the request has begun to go out.
  let wasSent: Bool

  /// The failure as an error of a request; no secret of it is told.
  func error(of request: HTTPRequest) -> WireError {
    let host = RequestAddress(request.url)?.host ?? ""
    let words = words(hiding: request)
    return switch code {
    case CURLE_URL_MALFORMAT: .badURL(RequestAddress.shown(request.url))
    case CURLE_OPERATION_TIMEDOUT:
      .timedOut(
        after: wasSent ? request.timeout : min(request.timeout, request.connectTimeout),
        wasSent: wasSent)
    case _ where Self.distrust.contains(code): .untrusted(host: host, detail: words)
    case _ where !wasSent: .unreachable(host: host, detail: words)
    default: .broken(detail: words, wasSent: true)
    }
  }

  private static let distrust = [
    CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CACERT_BADFILE,
    CURLE_SSL_CRL_BADFILE, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS,
    CURLE_SSL_CLIENTCERT,
  ]

  private func words(hiding request: HTTPRequest) -> String {
    let text = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    let plain = String(text.prefix { $0 != "\n" && $0 != "\r" }.prefix(200))
    return Redaction(secrets: []).hiding(request).text(plain)
  }
}
