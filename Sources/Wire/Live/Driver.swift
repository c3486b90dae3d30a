import CCurl
import Glibc

/// The loop of the network's thread; everything it holds stays on that thread.
struct Driver {
  private let mailbox: Mailbox
  private let multi: UnsafeMutableRawPointer
  private var transfers: [ObjectIdentifier: Transfer] = [:]

  /// Longest sleep without anything to do, in milliseconds; mail wakes earlier.
  private static let longestSleepMs: Int32 = 3_600_000
  /// Open files wanted for many requests at once.
  private static let wantedOpenFiles: rlim_t = 8192
  /// Requests on one HTTP/2 connection, if the server admits as many; libcurl's own limit is 100.
  private static let maxStreams = 1000
  private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  /// Serves the mailbox until it closes.
  static func run(_ mailbox: Mailbox) {
    blockBrokenPipeSignal()
    raiseOpenFiles()
    guard isLibraryReady, let multi = curl_multi_init() else {
      refuseAll(in: mailbox)
      return
    }
    mailbox.open(multi)
    var driver = Driver(mailbox: mailbox, multi: multi)
    driver.applySettings()
    driver.serve()
    mailbox.shut()
    curl_multi_cleanup(multi)
  }

  private init(mailbox: Mailbox, multi: UnsafeMutableRawPointer) {
    self.mailbox = mailbox
    self.multi = multi
  }

  private func applySettings() {
    let settings = mailbox.settings
    nof0_multi_set_long(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, Self.maxStreams)
    nof0_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1, settings.maxIdleConnections))
    if let limit = settings.maxConnectionsPerHost {
      nof0_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, max(1, limit))
    }
  }

  private mutating func serve() {
    var running: Int32 = 0
    while true {
      let mail = mailbox.collect()
      mail.arrived.forEach { start($0) }
      mail.dropped.forEach { remove($0) }
      if mail.isClosing { break }
      curl_multi_perform(multi, &running)
      finishTransfers()
      curl_multi_poll(multi, nil, 0, Self.longestSleepMs, nil)
    }
    for transfer in transfers.values { end(transfer, with: .failure(.cancelled)) }
    transfers = [:]
  }

  private mutating func start(_ call: Call) {
    guard call.isWaiting else { return }
    guard let transfer = Transfer(call, mailbox.settings) else {
      call.answer(.failure(.broken(detail: "libcurl refuses to start a request", wasSent: false)))
      return
    }
    transfers[ObjectIdentifier(call)] = transfer
    curl_multi_add_handle(multi, transfer.easy)
  }

  private mutating func remove(_ call: Call) {
    guard let transfer = transfers.removeValue(forKey: ObjectIdentifier(call)) else { return }
    end(transfer, with: .failure(.cancelled))
  }

  private mutating func finishTransfers() {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
        let transfer = Transfer.of(easy)
      else { continue }
      let code = nof0_result(message)
      transfers[ObjectIdentifier(transfer.call)] = nil
      end(transfer, with: transfer.answer(for: code))
    }
  }

  /// Removes the handle, which closes a connection that is in the middle of something.
  private func end(_ transfer: Transfer, with answer: Call.Answer) {
    curl_multi_remove_handle(multi, transfer.easy)
    transfer.call.answer(answer)
  }

  private static func refuseAll(in mailbox: Mailbox) {
    // Until the mailbox closes, so that no call waits for ever.
    while true {
      let mail = mailbox.collect()
      for call in mail.arrived {
        call.answer(
          .failure(
            .broken(
              detail: "libcurl cannot be started; install the package libcurl4", wasSent: false)))
      }
      if mail.isClosing { return }
      usleep(10_000)
    }
  }

  /// A peer that closes while TLS writes would otherwise end the process.
  private static func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  private static func raiseOpenFiles() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
      limit.rlim_cur < wantedOpenFiles, limit.rlim_cur < limit.rlim_max
    else { return }
    limit.rlim_cur = min(wantedOpenFiles, limit.rlim_max)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
