import CCurl

/// One request as libcurl transfers it; lives on the driver's thread only.
final class Transfer {
  let call: Call
  let easy: UnsafeMutableRawPointer
  private var lines: UnsafeMutablePointer<curl_slist>?
  private let errorText: UnsafeMutablePointer<CChar>

  private var headers: [HTTPHeader] = []
  private var headerBytes = 0
  private var body: [UInt8] = []
  /// How often the request has gone out.
  private var timesSent = 0
  /// Why a callback ended the transfer.
  private var stop: WireError?

  /// Bytes of header lines that are accepted.
  static let headerLimit = 256 << 10
  /// Bytes read at once.
  private static let bufferBytes = 16 << 10

  /// `nil` when libcurl has no memory or does not know an option.
  init?(_ call: Call, _ settings: LiveSettings) {
    guard let easy = curl_easy_init() else { return nil }
    self.call = call
    self.easy = easy
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    guard setLimits(), setRoute(settings), setRequest(), setCallbacks() else { return nil }
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(lines)
    errorText.deallocate()
  }

  /// The transfer of a handle.
  static func of(_ easy: UnsafeMutableRawPointer) -> Transfer? {
    var address = 0
    guard nof0_get_pointer(easy, CURLINFO_PRIVATE, &address) == CURLE_OK else { return nil }
    return of(pointer: UnsafeMutableRawPointer(bitPattern: address))
  }

  /// What the end of the transfer means.
  func answer(for code: CURLcode) -> Call.Answer {
    if let stop { return .failure(stop) }
    guard code == CURLE_OK else {
      let failure = CurlFailure(
        code: code, detail: String(cString: errorText), wasSent: timesSent > 0)
      return .failure(failure.error(of: call.request))
    }
    var status = 0
    nof0_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
    guard status > 0 else {
      return .failure(.broken(detail: "expected an HTTP status, was none", wasSent: true))
    }
    return .success(HTTPResponse(status: status, headers: headers, body: body))
  }
}

// MARK: Options

extension Transfer {
  private func set(_ option: CURLoption, _ value: Int) -> Bool {
    nof0_set_long(easy, option, value) == CURLE_OK
  }

  private func set(_ option: CURLoption, _ text: String) -> Bool {
    nof0_set_text(easy, option, text) == CURLE_OK
  }

  private func setLimits() -> Bool {
    let request = call.request
    return set(CURLOPT_NOSIGNAL, 1)
      // Without it, ending a request waits for the look-up of its host.
      && set(CURLOPT_QUICK_EXIT, 1)
      && set(CURLOPT_TIMEOUT_MS, request.timeout.wholeMs)
      && set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.wholeMs)
      && set(CURLOPT_BUFFERSIZE, Self.bufferBytes)
      && set(CURLOPT_PROTOCOLS_STR, "http,https")
      && set(CURLOPT_FOLLOWLOCATION, 0)
      && set(CURLOPT_SSL_VERIFYPEER, 1)
      && set(CURLOPT_SSL_VERIFYHOST, 2)
      && set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
      && set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
  }

  private func setRoute(_ settings: LiveSettings) -> Bool {
    let isEncrypted = RequestAddress(call.request.url)?.isEncrypted == true
    // Over TLS the first connection tells whether it can be shared; waiting for that spares the
    // handshakes of the others. Plain HTTP would wait for the first answer instead.
    let isShared = isEncrypted && call.request.keepsAlive
    let version = isEncrypted ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1
    var isSet =
      set(CURLOPT_HTTP_VERSION, Int(version)) && set(CURLOPT_PIPEWAIT, isShared ? 1 : 0)
      && set(CURLOPT_TCP_KEEPALIVE, 1)
    if !call.request.keepsAlive {
      isSet = isSet && set(CURLOPT_FRESH_CONNECT, 1) && set(CURLOPT_FORBID_REUSE, 1)
    }
    if let caFile = settings.caFile {
      isSet =
        isSet && set(CURLOPT_CAINFO, caFile)
        && nof0_set_text(easy, CURLOPT_CAPATH, nil) == CURLE_OK
    }
    return switch settings.proxy {
    case .environment: isSet
    case .none: isSet && set(CURLOPT_PROXY, "")
    case .address(let address):
      isSet && set(CURLOPT_PROXY, address) && set(CURLOPT_NOPROXY, "")
    }
  }

  private func setRequest() -> Bool {
    let request = call.request
    var isSet = set(CURLOPT_URL, request.url) && set(CURLOPT_ACCEPT_ENCODING, "")
    if request.method == .post || !request.body.isEmpty {
      // A pointer even for no bytes: none would mean that a callback reads the body.
      isSet =
        isSet
        && (request.body.isEmpty ? [0] : request.body).withUnsafeBytes {
          nof0_set_body(easy, $0.baseAddress, curl_off_t(request.body.count)) == CURLE_OK
        } && set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    }
    var all = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    all.append("Expect:")
    if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
      all.append("Content-Type:")
    }
    if !request.keepsAlive { all.append("Connection: close") }
    for line in all {
      guard let longer = curl_slist_append(lines, line) else { return false }
      lines = longer
    }
    return isSet && nof0_set_pointer(easy, CURLOPT_HTTPHEADER, lines) == CURLE_OK
  }

  private func setCallbacks() -> Bool {
    let own = Unmanaged.passUnretained(self).toOpaque()
    let pointers = [CURLOPT_PRIVATE, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_PREREQDATA]
    return pointers.allSatisfy { nof0_set_pointer(easy, $0, own) == CURLE_OK }
      && nof0_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText) == CURLE_OK
      && nof0_set_sink(easy, CURLOPT_WRITEFUNCTION) { bytes, _, count, user in
        Transfer.of(pointer: user)?.take(body: UnsafeRawBufferPointer(start: bytes, count: count))
          == true ? count : 0
      } == CURLE_OK
      && nof0_set_sink(easy, CURLOPT_HEADERFUNCTION) { bytes, _, count, user in
        Transfer.of(pointer: user)?.take(line: UnsafeRawBufferPointer(start: bytes, count: count))
          == true ? count : 0
      } == CURLE_OK
      && nof0_set_prereq(easy) { user, _, _, _, _ in
        Transfer.of(pointer: user)?.mayGoOut() == true
          ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
      } == CURLE_OK
  }
}

// MARK: Callbacks

extension Transfer {
  private static func of(pointer: UnsafeMutableRawPointer?) -> Transfer? {
    pointer.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Called when a connection stands and the request is about to be sent.
  private func mayGoOut() -> Bool {
    timesSent += 1
    guard timesSent > 1, call.request.method == .post else { return true }
    stop = .broken(
      detail: "the kept connection closed before an answer came",
      wasSent: true)
    return false
  }

  private func take(body bytes: UnsafeRawBufferPointer) -> Bool {
    guard body.count + bytes.count <= call.request.maxResponseBytes else {
      stop = .tooLarge(limit: call.request.maxResponseBytes)
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  private func take(line bytes: UnsafeRawBufferPointer) -> Bool {
    headerBytes += bytes.count
    guard headerBytes <= Self.headerLimit else {
      stop = .tooLarge(limit: Self.headerLimit)
      return false
    }
    let end = bytes.lastIndex { $0 != 0x0A && $0 != 0x0D }.map { $0 + 1 } ?? 0
    let line = String(decoding: bytes[..<end], as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      // Another head: the one before was provisional.
      headers = []
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      let blanks = value.reversed().prefix { $0 == " " || $0 == "\t" }.count
      headers.append(HTTPHeader(String(line[..<colon]), String(value.dropLast(blanks))))
    }
    return true
  }
}

extension Duration {
  /// Whole milliseconds for libcurl, where 0 would mean for ever.
  fileprivate var wholeMs: Int {
    guard self < .milliseconds(Int32.max) else { return Int(Int32.max) }
    return max(1, Int(self / .milliseconds(1)))
  }
}
