import Glibc
import Trading
import VenueStandIn

/// A venue with one funded account, its agent's key, and a client that speaks plain HTTP.
final class TestClient {
  let venue: VenueServer
  let key = TestKey(7)
  let master = VenueAddress(number: 1)
  let port: Int
  private var lastNonce: Int64

  static let start = Timestamp(ms: 1_794_600_030_000)

  /// A frozen venue, its coins held at round prices: BTC 65000, ETH 3000, SOL 150, DOGE 0.15.
  init(seed: UInt64 = 1, deposit: String = "10000") throws {
    venue = VenueServer(seed: seed, start: Self.start, isFrozen: true)
    venue.open(master, deposit: USD(deposit) ?? .zero)
    venue.approve(agent: key.address, for: master)
    for coin in VenueCoin.standard { venue.hold(coin.coin, at: coin.anchor) }
    port = try venue.start()
    lastNonce = Self.start.ms
  }

  deinit { venue.stop() }

  /// What came back: status, head, body; `nil` status = nothing did.
  struct Answer {
    let status: Int?
    let head: String
    let body: String
    /// Whether the connection was reset.
    var isReset = false
    var json: JSONValue { (try? JSONReader.value(of: body)) ?? .null }
    /// The statuses of an order or cancel action.
    var statuses: [JSONValue] {
      json["response"]?["data"]?["statuses"]?.elements ?? []
    }
    /// The text of a refusal, of the first status, or of the whole action.
    var error: String? { statuses.first?["error"]?.text ?? json["response"]?.text }
  }

  /// A nonce that was not used before.
  func nonce() -> Int64 {
    lastNonce = max(lastNonce + 1, venue.now.ms)
    return lastNonce
  }

  /// Signs and sends an action.
  func act(_ action: String, vault: VenueAddress? = nil, expiresAfter: Int64? = nil) -> Answer {
    post(
      "/exchange", key.body(action, nonce: nonce(), vault: vault, expiresAfter: expiresAfter))
  }

  /// Sends orders.
  func order(_ orders: String..., grouping: String = "na") -> Answer {
    act(orderAction(orders, grouping: grouping))
  }

  /// Asks.
  func info(_ type: String, _ rest: String = "") -> JSONValue {
    post("/info", "{\"type\":\"\(type)\"\(rest.isEmpty ? "" : ",")\(rest)}").json
  }

  /// Asks about the account.
  func ask(_ type: String, _ rest: String = "") -> JSONValue {
    info(type, "\"user\":\"\(master)\"" + (rest.isEmpty ? "" : ",") + rest)
  }

  /// One request on a connection of its own.
  func post(
    _ path: String, _ body: String, contentType: String? = "application/json",
    patience: Int = 10_000
  ) -> Answer {
    let type = contentType.map { "Content-Type: \($0)\r\n" } ?? ""
    return send(
      "POST \(path) HTTP/1.1\r\nHost: venue\r\nConnection: close\r\n\(type)"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)", patience: patience)
  }

  /// Sends bytes and reads until the connection ends.
  func send(_ text: String, patience: Int = 10_000) -> Answer {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { return Answer(status: nil, head: "", body: "") }
    var limit = timeval(tv_sec: patience / 1000, tv_usec: patience % 1000 * 1000)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes {
      Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    return receive(descriptor)
  }

  private func receive(_ descriptor: Int32) -> Answer {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var isReset = false
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0 { isReset = errno == ECONNRESET }
      guard count > 0 else { break }
      received.append(contentsOf: buffer[..<count])
    }
    var head = ""
    var body = ""
    if let cut = received.firstRange(of: Array("\r\n\r\n".utf8)) {
      head = String(decoding: received[..<cut.lowerBound], as: UTF8.self)
      body = String(decoding: received[cut.upperBound...], as: UTF8.self)
    }
    let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return Answer(status: status, head: head, body: body, isReset: isReset)
  }
}

/// An order action of orders in JSON.
func orderAction(_ orders: [String], grouping: String = "na") -> String {
  "{\"type\":\"order\",\"orders\":[\(orders.joined(separator: ","))],"
    + "\"grouping\":\"\(grouping)\"}"
}

/// A limit order in JSON; assets are those of the standard coins.
func limit(
  _ asset: Int, _ side: OrderSide, _ size: String, at price: String, tif: String = "Ioc",
  reduceOnly: Bool = false, cloid: Int? = nil
) -> String {
  "{\"a\":\(asset),\"b\":\(side == .buy),\"p\":\"\(price)\",\"s\":\"\(size)\","
    + "\"r\":\(reduceOnly),\"t\":{\"limit\":{\"tif\":\"\(tif)\"}}\(named(cloid))}"
}

/// A stop or target in JSON, at the market, reduce-only.
func trigger(
  _ asset: Int, _ side: OrderSide, _ size: String, at level: String, limit: String, _ kind: String,
  isMarket: Bool = true, reduceOnly: Bool = true, cloid: Int? = nil
) -> String {
  "{\"a\":\(asset),\"b\":\(side == .buy),\"p\":\"\(limit)\",\"s\":\"\(size)\","
    + "\"r\":\(reduceOnly),\"t\":{\"trigger\":{\"isMarket\":\(isMarket),"
    + "\"triggerPx\":\"\(level)\",\"tpsl\":\"\(kind)\"}}\(named(cloid))}"
}

private func named(_ cloid: Int?) -> String {
  cloid.map { ",\"c\":\"\(name($0))\"" } ?? ""
}

/// The client's name of a number.
func name(_ number: Int) -> String {
  let digits = String(number, radix: 16)
  return "0x" + String(repeating: "0", count: 32 - digits.utf8.count) + digits
}

extension Coin {
  static let btc = known("BTC")
  static let eth = known("ETH")
  static let sol = known("SOL")
  static let doge = known("DOGE")

  private static func known(_ name: String) -> Coin {
    guard let coin = Coin(name) else { preconditionFailure("expected \(name) to be a coin") }
    return coin
  }
}

extension Price {
  /// A price that is valid by its looks.
  init(_ text: StaticString) {
    guard let price = Price("\(text)") else { preconditionFailure("expected a price") }
    self = price
  }
}
