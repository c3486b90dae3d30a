import Exchanges
import Foundation
import Testing
import Trading

/// A directory of market files that a test fills and that goes away with it.
final class RecordedFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/nof0-recorded-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      Issue.record("could not remove \(path): \(error)")
    }
  }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try write(Data(text.utf8), to: name)
  }

  @discardableResult
  func write(_ data: Data, to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try data.write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Writes candles `ISO-time open high low close volume`, one a line.
  func candles(_ rows: String, to name: String) throws {
    var text = "timestamp_ms,open,high,low,close,volume\n"
    for row in rows.split(separator: "\n") {
      let fields = row.split(separator: " ").map(String.init)
      let time = try #require(Timestamp(fields[0]))
      text += ([String(time.ms)] + fields.dropFirst()).joined(separator: ",") + "\n"
    }
    try write(text, to: name)
  }

  func open(
    coins: [Coin]? = nil, knownUntil: Timestamp? = nil
  ) throws -> RecordedMarketData {
    try RecordedMarketData(
      id: #require(ProviderID("recorded")), directory: path, coins: coins, knownUntil: knownUntil)
  }
}

func listedCoin(_ name: String) throws -> Coin { try #require(Coin(name)) }

func time(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }
