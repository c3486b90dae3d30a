import CCurl
import Glibc
import Synchronization

/// What tasks leave for the driver's thread, and the thread's life.
final class Mailbox: Sendable {
  let settings: LiveSettings
  private let content = Mutex(Content())

  init(_ settings: LiveSettings) { self.settings = settings }

  /// What was left since the last look.
  struct Mail {
    var arrived: [Call] = []
    var dropped: [Call] = []
    var isClosing = false

    var isEmpty: Bool { arrived.isEmpty && dropped.isEmpty }
  }

  /// Starts the thread now.
  func start() {
    content.withLock { content in
      guard !content.mail.isClosing, content.thread == nil else { return }
      content.thread = startThread()
    }
  }

  /// Leaves a call to be transferred; the first one starts the thread.
  func post(_ call: Call) {
    let refusal = content.withLock { content -> WireError? in
      guard !content.mail.isClosing else { return .cancelled }
      if content.thread == nil {
        guard let thread = startThread() else {
          return .broken(detail: "the system has no thread left for the network", wasSent: false)
        }
        content.thread = thread
      }
      content.wake()
      content.mail.arrived.append(call)
      return nil
    }
    if let refusal { call.answer(.failure(refusal)) }
  }

  /// Says that nobody waits for a call any more.
  func drop(_ call: Call) {
    content.withLock { content in
      guard content.thread != nil else { return }
      content.wake()
      content.mail.dropped.append(call)
    }
  }

  /// Ends the thread and waits for its end.
  func close() {
    let thread = content.withLock { content in
      content.wake()
      content.mail.isClosing = true
      // Left out of the content, so that of two callers one joins.
      return content.thread.take()
    }
    if let thread { pthread_join(thread, nil) }
  }

  // MARK: The driver's side

  /// Makes the handle known, so that it is woken from now on.
  func open(_ multi: UnsafeMutableRawPointer) {
    let address = UInt(bitPattern: multi)
    content.withLock { $0.multi = address }
  }

  /// Takes what was left.
  func collect() -> Mail {
    content.withLock { content in
      let mail = content.mail
      content.mail = Mail(isClosing: mail.isClosing)
      return mail
    }
  }

  /// Forgets the handle; nobody wakes it any more.
  func shut() { content.withLock { $0.multi = nil } }

  private func startThread() -> pthread_t? {
    let own = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Driver.run(Unmanaged<Mailbox>.fromOpaque(argument).takeRetainedValue())
        return nil
      }, own.toOpaque())
    guard failure == 0 else {
      own.release()
      return nil
    }
    return thread
  }

  private struct Content {
    var mail = Mail()
    var thread: pthread_t?
    /// The address of the multi handle while it may be woken.
    var multi: UInt?

    /// Wakes the driver unless mail lies there already, of which it was told.
    func wake() {
      guard mail.isEmpty, !mail.isClosing, let multi else { return }
      curl_multi_wakeup(UnsafeMutableRawPointer(bitPattern: multi))
    }
  }
}
