import Exchanges
import Market
import Synchronization
import Trading
import Wire

/// A clock that moves only when somebody sleeps or a test says so.
final class InfoClock: Sendable {
  private let time: Mutex<Timestamp>

  init(_ start: Timestamp = Timestamp(ms: 1_790_360_864_000)) { time = Mutex(start) }

  var now: Timestamp { time.withLock { $0 } }

  func advance(_ span: Span) { time.withLock { $0 = $0 + span } }

  func sleep(_ span: Duration) {
    advance(Span(ms: Int64((span / .milliseconds(1)).rounded(.up))))
  }
}

/// A venue that says what its script tells it to, and keeps what it was asked.
final class InfoScript: HTTPTransport {
  private let answer: @Sendable (HTTPRequest, Int) throws(WireError) -> HTTPResponse
  private let asked = Mutex<[HTTPRequest]>([])

  /// The closure gets the request and its number from 0.
  init(_ answer: @escaping @Sendable (HTTPRequest, Int) throws(WireError) -> HTTPResponse) {
    self.answer = answer
  }

  /// Says these one after the other, then the last for ever.
  convenience init(_ lines: [Line]) {
    self.init { _, number throws(WireError) in
      try lines[min(number, lines.count - 1)].response()
    }
  }

  var requests: [HTTPRequest] { asked.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    let number = asked.withLock { asked in
      asked.append(request)
      return asked.count - 1
    }
    return try answer(request, number)
  }

  /// One answer.
  enum Line: Sendable {
    case body(Int, String)
    case fails(WireError)

    func response() throws(WireError) -> HTTPResponse {
      switch self {
      case .body(let status, let text):
        HTTPResponse(status: status, headers: [], body: Array(text.utf8))
      case .fails(let error): throw error
      }
    }
  }
}

/// A reader before a scripted venue.
struct InfoStage {
  let script: InfoScript
  let clock: InfoClock
  let budget: WeightBudget
  let venueClock: VenueClock
  let info: HyperliquidInfo
  let wire: HyperliquidWire

  init(_ script: InfoScript, attempts: Int = 3, timeout: Duration = .seconds(20)) {
    let clock = InfoClock()
    self.script = script
    self.clock = clock
    budget = WeightBudget(now: { clock.now }, sleep: { clock.sleep($0) })
    venueClock = VenueClock(now: { clock.now })
    info = HyperliquidInfo(
      transport: script, baseURL: "http://venue.test", budget: budget, timeout: timeout,
      maxAttempts: attempts, clock: venueClock)
    wire = HyperliquidWire(
      transport: script, baseURL: "http://venue.test", timeout: .seconds(10), clock: venueClock,
      budget: budget)
  }

  /// A venue that answers everything with one body.
  init(_ body: String, status: Int = 200) { self.init(InfoScript([.body(status, body)])) }

  /// A venue that answers one after the other.
  init(lines: InfoScript.Line..., attempts: Int = 3) {
    self.init(InfoScript(lines), attempts: attempts)
  }
}

/// What an asynchronous reading ends with, the error as a value.
func reading<Value: Sendable>(
  _ work: () async throws(InfoError) -> Value
) async -> Result<Value, InfoError> {
  do throws(InfoError) { return .success(try await work()) } catch { return .failure(error) }
}

/// The cause of an unreadable answer; other ends in words of their own.
func unreadableCause<Value: Sendable>(
  _ work: () async throws(InfoError) -> Value
) async -> String {
  switch await reading(work) {
  case .success: "(was read)"
  case .failure(.unreadable(_, let cause)): cause
  case .failure(let error): "(\(error))"
  }
}

/// The account of the tests.
let infoAccount = known(EthereumAddress("0x31ca8395cf837de08b24da3f660e77761dfb974b"))
/// Somebody else.
let infoStranger = known(EthereumAddress("0x286edfa08c04f6899dab3bfdecf2dd133f9733b9"))
/// An order id.
let infoOrderID = known(ClientOrderID("0x000102030405060708090a0b0c0d0e0f"))
/// Bitcoin.
let infoBTC = known(Coin("BTC"))

/// A value the test knows to exist.
func known<Value>(_ value: Value?) -> Value {
  guard let value else { preconditionFailure("expected a \(Value.self), was nil") }
  return value
}
