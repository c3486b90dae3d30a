/// Why the venue's books could not be read; nothing was changed by asking.
package enum InfoError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No usable answer, after all attempts. Retryable.
  case unreachable(request: String, cause: String)
  /// An answer that makes no sense. Not retryable.
  case unreadable(request: String, cause: String)
  /// Asking would have broken the venue's limit of requests per minute, or ours of pages.
  case overBudget(request: String, cause: String)

  /// The error in words.
  package var description: String {
    switch self {
    case .unreachable(let request, let cause):
      "no answer to \(request): \(cause). Nothing was changed; check the network and run again."
    case .unreadable(let request, let cause):
      "the answer to \(request) is unreadable: \(cause). Nothing was changed by asking."
    case .overBudget(let request, let cause):
      "\(request) was not asked: \(cause). Nothing was changed; the next run asks again."
    }
  }
}
