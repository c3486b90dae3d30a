/// What goes wrong with a request.
package enum VenueFault: Sendable, Hashable {
  /// The answer takes longer: before the venue looks at it, and after.
  case latency(before: Duration, after: Duration)
  /// Processed; the connection closes without an answer.
  case answerLost
  /// Reset before the venue saw it.
  case resetBefore
  /// Processed, then reset.
  case resetAfter
  /// HTTP 429 with the body `null`; not processed.
  case rateLimited
  /// An HTML page with a status such as 500 or 502; not processed.
  case serverErrorBefore(status: Int)
  /// Processed, then an HTML page.
  case serverErrorAfter(status: Int)
  /// Processed; half of the answer, with the length of the whole.
  case truncated
  /// Processed; an answer of status 200 that is no JSON.
  case malformed
  /// Processed; an answer of status 200 without a body.
  case emptyBody
  /// Not processed, and never answered.
  case silentBefore
  /// Processed, and never answered.
  case silentAfter
  /// Processed with a book of that depth.
  case book(Depth)
  /// Processed; statuses of triggers that rest are the bare string `waitingForTrigger`.
  case bareStrings
  /// Not processed; one error for a whole batch.
  case batchError(String)
  /// Processed; answered as if the bytes had come a second time.
  case duplicateNonce
  /// Not processed; the whole action is refused with a text.
  case refused(String)
  /// Not processed, but the signer's approval is gone from now on.
  case agentRevoked

  /// Whether the venue acts on the request.
  package var isProcessed: Bool {
    switch self {
    case .latency, .answerLost, .resetAfter, .serverErrorAfter, .truncated, .malformed,
      .emptyBody, .silentAfter, .book, .bareStrings, .duplicateNonce, .agentRevoked:
      true
    case .resetBefore, .rateLimited, .serverErrorBefore, .silentBefore, .batchError, .refused:
      false
    }
  }

  /// The HTTP status it makes of an answer; 0 = none is sent, `nil` = it leaves the answer's.
  package var status: Int? {
    switch self {
    case .latency, .truncated, .malformed, .emptyBody, .book, .bareStrings, .batchError,
      .duplicateNonce, .refused, .agentRevoked:
      nil
    case .answerLost, .resetBefore, .resetAfter, .silentBefore, .silentAfter: 0
    case .rateLimited: 429
    case .serverErrorBefore(let status), .serverErrorAfter(let status): status
    }
  }

  /// Faults of the transport that leave a client in doubt, none of which takes long.
  package static let doubts: [VenueFault] = [
    .answerLost, .resetBefore, .resetAfter, .rateLimited, .serverErrorBefore(status: 502),
    .serverErrorAfter(status: 500), .serverErrorAfter(status: 502), .truncated, .malformed,
    .emptyBody, .duplicateNonce,
  ]
}
