import CZlib
import Glibc
package import Market
import Trading

extension RecordedFile {
  /// Writes candles: `timestamp_ms,open,high,low,close,volume`.
  ///
  /// The file appears whole or not at all; the same candles make the same bytes.
  package func write(_ candles: CandleSeries) throws(MarketDataError) {
    var text = CSVText(header: CandleFile.header, lines: candles.count)
    for index in 0..<candles.count {
      text.add(candles.openTimesMs[index])
      for column in [candles.opens, candles.highs, candles.lows, candles.closes] {
        text.add(price: column[index])
      }
      text.add(candles.volumes[index])
      text.endLine()
    }
    try replace(with: text.bytes)
  }

  /// Writes funding rates: `timestamp_ms,funding_rate`, a fraction per hour at each full hour.
  ///
  /// The file appears whole or not at all; the same rates make the same bytes.
  package func write(_ funding: [FundingPoint]) throws(MarketDataError) {
    var text = CSVText(header: FundingFile.header, lines: funding.count)
    for point in funding {
      text.add(point.at.ms)
      text.add(point.rate.description)
      text.endLine()
    }
    try replace(with: text.bytes)
  }

  private func replace(with bytes: [UInt8]) throws(MarketDataError) {
    let temporary = path + ".partial"
    // "wT" writes without packing; a gzip member made here has no name and no time in it.
    guard let file = gzopen(temporary, path.hasSuffix(".gz") ? "wb6" : "wbT") else {
      throw .unreadable(path: temporary, cause: String(cString: strerror(errno)))
    }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        gzwrite(
          file, buffer.baseAddress.map { $0 + written },
          UInt32(min(bytes.count - written, 1 << 20)))
      }
      guard count > 0 else { break }
      written += Int(count)
    }
    let isClosed = gzclose(file) == Z_OK
    guard written == bytes.count, isClosed, rename(temporary, path) == 0 else {
      let cause = errno == 0 ? "it could not be written" : String(cString: strerror(errno))
      unlink(temporary)
      throw .unreadable(path: path, cause: cause)
    }
  }
}

/// The bytes of a CSV file while it is made.
struct CSVText {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  init(header: String, lines: Int) {
    bytes.reserveCapacity(header.utf8.count + 1 + lines * 64)
    bytes.append(contentsOf: header.utf8)
    endLine()
  }

  mutating func add(_ text: some StringProtocol) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    bytes.append(contentsOf: text.utf8)
  }

  mutating func add(_ whole: Int64) { add(whole.description) }

  /// A price in steps of 1e-8.
  mutating func add(price mantissa: Int64) {
    add(Price(mantissa: mantissa)?.description ?? "")
  }

  /// The shortest plain decimal that reads back as the number.
  mutating func add(_ number: Double) { add(Self.plain(number)) }

  mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    isFirst = true
  }

  /// A finite number without exponent and without `.0`.
  static func plain(_ number: Double) -> String {
    let text = number.description
    guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...])
    else { return text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
    let sign = text.hasPrefix("-") ? "-" : ""
    let parts = text[..<mark].drop { $0 == "-" }.split(separator: ".")
    let whole = String(parts[0])
    let fraction = parts.count > 1 && parts[1] != "0" ? String(parts[1]) : ""
    if exponent < 0 {
      let zeros = String(repeating: "0", count: -exponent - whole.utf8.count)
      return "\(sign)0.\(zeros)\(whole)\(fraction)"
    }
    return sign + whole + fraction
      + String(repeating: "0", count: max(0, exponent - fraction.utf8.count))
  }
}
