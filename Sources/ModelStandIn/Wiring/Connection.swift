import Glibc

/// A connection and what is under way on it; used by the server's thread alone.
final class Connection {
  let descriptor: Int32
  /// Its number, from 0.
  let number: Int
  /// Its place in the list that is polled.
  var slot: Int
  var isOpen = true
  var parser = RequestParser()
  /// The request under way; `nil` between requests.
  var plan: Plan?
  /// Steps of the plan already begun.
  var stepsBegun = 0
  /// Bytes to be sent, from ``sent`` on.
  var outgoing: [UInt8] = []
  var sent = 0
  /// Counts waits, so that an alarm of an earlier one is void.
  var waits = 0
  var isWaiting = false

  init(descriptor: Int32, number: Int, slot: Int) {
    self.descriptor = descriptor
    self.number = number
    self.slot = slot
  }

  /// Sends what is to be sent; `later` when the client has to read first.
  func flush() -> Socket.Progress {
    while sent < outgoing.count {
      switch Socket.write(outgoing[sent...], to: descriptor) {
      case .moved(let count): sent += count
      case .later: return .later
      case .gone: return .gone
      }
    }
    defer {
      outgoing.removeAll()
      sent = 0
    }
    return .moved(sent)
  }
}
