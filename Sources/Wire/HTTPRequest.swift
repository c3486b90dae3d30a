/// The method of a request.
package enum HTTPMethod: String, Sendable, CaseIterable {
  /// Reads.
  case get = "GET"
  /// Sends a body.
  case post = "POST"
}

/// One line of a header.
package struct HTTPHeader: Sendable, Hashable {
  /// Its name; case does not matter.
  package let name: String
  /// Its value.
  package let value: String
  /// Whether the value must never be seen in a log, an error or a cassette.
  package let isSecret: Bool

  /// A header line from its parts.
  package init(_ name: String, _ value: String, isSecret: Bool = false) {
    self.name = name
    self.value = value
    self.isSecret = isSecret
  }
}

/// A request to be sent.
package struct HTTPRequest: Sendable, Hashable {
  /// The method.
  package var method: HTTPMethod
  /// The address, `http://` or `https://`.
  package var url: String
  /// Header lines in order.
  package var headers: [HTTPHeader]
  /// The body; empty for none.
  package var body: [UInt8]
  /// Time for the whole exchange, from finding the host to the last byte read; at least 1 ms.
  package var timeout: Duration
  /// Time to reach the host, within ``timeout``; at least 1 ms.
  package var connectTimeout: Duration
  /// Bytes of a body that are accepted, counted after decompression.
  ///
  /// A longer one is a ``WireError/tooLarge(limit:)``.
  package var maxResponseBytes: Int
  /// Whether the connection may serve another request afterwards.
  package var keepsAlive: Bool

  /// A request from its parts.
  package init(
    _ method: HTTPMethod, url: String, headers: [HTTPHeader] = [], body: [UInt8] = [],
    timeout: Duration, connectTimeout: Duration = .seconds(10),
    maxResponseBytes: Int = 8 << 20, keepsAlive: Bool = true
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.connectTimeout = connectTimeout
    self.maxResponseBytes = maxResponseBytes
    self.keepsAlive = keepsAlive
  }
}

/// A response as it came, whatever its status.
package struct HTTPResponse: Sendable, Hashable {
  /// The status, 100–599.
  package let status: Int
  /// Header lines of the final response in order.
  package let headers: [HTTPHeader]
  /// The body, decompressed.
  package let body: [UInt8]

  /// A response from its parts.
  package init(status: Int, headers: [HTTPHeader], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The value of the first header of that name, whatever its case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
