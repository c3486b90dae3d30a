import Glibc

/// The server's thread: one poll over all sockets, alarms for delays.
final class EventLoop {
  private let log: RequestLog
  private let planner: Planner
  private let listener: Int32
  /// Readable when the server is to stop.
  private let stopSignal: Int32
  /// Listener, stop signal, then a row for each connection.
  private var polled: [pollfd]
  private var connections: [Connection] = []
  private var alarms = AlarmHeap()
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)

  private static let reading = Int16(POLLIN)
  private static let sending = Int16(POLLIN | POLLOUT)
  private static let firstSlot = 2
  /// Connections from which on events are gathered.
  private static let crowd = 100

  init(log: RequestLog, listener: Int32, stopSignal: Int32) {
    self.log = log
    self.planner = Planner(log: log)
    self.listener = listener
    self.stopSignal = stopSignal
    polled = [listener, stopSignal].map {
      pollfd(fd: $0, events: Self.reading, revents: 0)
    }
  }

  /// Serves until the stop signal, then closes everything.
  func run() {
    while polled[1].revents == 0 {
      ringAlarms()
      let count = Int(poll(&polled, nfds_t(polled.count), timeout))
      guard count > 0 else { continue }
      for (connection, events) in ready(count) where connection.isOpen {
        serve(connection, events)
      }
      if polled[0].revents != 0 { acceptAll() }
      // A poll costs time for every connection, so a crowd is served once in a millisecond.
      if connections.count > Self.crowd { usleep(1000) }
    }
    for connection in connections { Socket.close(connection.descriptor, .reset) }
    Glibc.close(listener)
    Glibc.close(stopSignal)
  }

  /// Milliseconds until the next alarm, rounded up; -1 = none.
  private var timeout: Int32 {
    guard let alarm = alarms.first else { return -1 }
    let left = alarm.time - Instant.now
    return left <= 0 ? 0 : Int32(clamping: (left + 999_999) / 1_000_000)
  }

  /// Connections with events; serving one may move the others to other slots.
  private func ready(_ count: Int) -> [(Connection, Int16)] {
    var found: [(Connection, Int16)] = []
    found.reserveCapacity(count)
    for slot in Self.firstSlot..<max(Self.firstSlot, polled.count)
    where polled[slot].revents != 0 {
      found.append((connections[slot - Self.firstSlot], polled[slot].revents))
    }
    return found
  }

  private func ringAlarms() {
    guard alarms.first != nil else { return }
    let now = Instant.now
    while let alarm = alarms.first, alarm.time <= now {
      alarms.removeFirst()
      let connection = alarm.connection
      guard connection.isOpen, connection.isWaiting, connection.waits == alarm.wait else {
        continue
      }
      connection.isWaiting = false
      advance(connection)
    }
  }

  private func acceptAll() {
    while let descriptor = Socket.accept(from: listener) {
      let (number, isReset) = log.connect()
      guard !isReset else {
        Socket.close(descriptor, .reset)
        continue
      }
      let connection = Connection(
        descriptor: descriptor, number: number, slot: polled.count)
      connections.append(connection)
      polled.append(pollfd(fd: descriptor, events: Self.reading, revents: 0))
    }
  }

  private func serve(_ connection: Connection, _ events: Int16) {
    if events & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 {
      return clientLeft(connection)
    }
    if events & Int16(POLLIN) != 0 {
      switch Socket.read(connection.descriptor, into: &buffer) {
      case .moved(let count):
        connection.parser.take(buffer[..<count])
        if connection.plan == nil { takeRequests(connection) }
      case .later: break
      case .gone: return clientLeft(connection)
      }
    }
    if connection.isOpen, events & Int16(POLLOUT) != 0 { advance(connection) }
  }

  /// Begins the next request, if there is a whole one.
  private func takeRequests(_ connection: Connection) {
    while connection.isOpen, connection.plan == nil {
      switch connection.parser.next() {
      case .incomplete: return
      case .head(let request):
        if let ending = planner.endingBeforeBody(of: request) {
          connection.plan = planner.begin(unread: request, connection: connection.number)
          finish(connection, .dropped)
          close(connection, ending)
        } else if request.header("expect")?.lowercased() == "100-continue" {
          connection.outgoing += Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
          flush(connection)
        }
      case .request(let request):
        begin(connection, planner.plan(for: request, connection: connection.number))
      case .refused(let refusal):
        begin(connection, planner.plan(for: refusal, connection: connection.number))
      }
    }
  }

  private func begin(_ connection: Connection, _ plan: Plan) {
    connection.plan = plan
    connection.stepsBegun = 0
    advance(connection)
  }

  /// Takes steps until one has to wait or the request is done.
  private func advance(_ connection: Connection) {
    while connection.isOpen, flush(connection), !connection.isWaiting,
      let plan = connection.plan
    {
      guard connection.stepsBegun < plan.steps.count else {
        finish(connection, .answered)
        if plan.closes { close(connection, .closed) } else { takeRequests(connection) }
        return
      }
      let step = plan.steps[connection.stepsBegun]
      connection.stepsBegun += 1
      take(step, of: plan, on: connection)
    }
  }

  private func take(_ step: WireStep, of plan: Plan, on connection: Connection) {
    switch step {
    case .send(let bytes):
      if let usage = plan.usage, connection.isFirstSend(of: plan) {
        log.book(usage, number: plan.number, part: plan.part)
      }
      connection.outgoing = bytes
    case .wait(let span):
      let time = Instant.nanoseconds(span)
      guard time > 0 else { return }
      connection.waits += 1
      connection.isWaiting = true
      alarms.insert(
        AlarmHeap.Alarm(
          time: Instant.now + time, connection: connection, wait: connection.waits))
    case .hang:
      connection.isWaiting = true
      connection.waits += 1
    case .end(let ending):
      finish(connection, .dropped)
      close(connection, ending)
    }
  }

  /// Sends what is to be sent; `false` when that takes longer or the client is gone.
  @discardableResult private func flush(_ connection: Connection) -> Bool {
    switch connection.flush() {
    case .moved:
      polled[connection.slot].events = Self.reading
      return true
    case .later:
      polled[connection.slot].events = Self.sending
      return false
    case .gone:
      clientLeft(connection)
      return false
    }
  }

  private func clientLeft(_ connection: Connection) {
    finish(connection, .abandoned)
    close(connection, .closed)
  }

  /// Notes what became of the request under way, if there is one.
  private func finish(_ connection: Connection, _ outcome: ReceivedRequest.Outcome) {
    guard let plan = connection.plan else { return }
    connection.plan = nil
    connection.isWaiting = false
    log.end(outcome, number: plan.number, part: plan.part)
  }

  private func close(_ connection: Connection, _ ending: Ending) {
    guard connection.isOpen else { return }
    connection.isOpen = false
    Socket.close(connection.descriptor, ending)
    log.disconnect()
    let slot = connection.slot
    let last = polled.count - 1
    polled.swapAt(slot, last)
    connections.swapAt(slot - Self.firstSlot, last - Self.firstSlot)
    connections[slot - Self.firstSlot].slot = slot
    polled.removeLast()
    connections.removeLast()
  }
}

extension Connection {
  /// Whether the step just begun is the first of its plan that sends something.
  fileprivate func isFirstSend(of plan: Plan) -> Bool {
    !plan.steps.prefix(stepsBegun - 1).contains {
      if case .send = $0 { true } else { false }
    }
  }
}
