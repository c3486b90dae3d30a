import Analytics
import Trading

/// Tells what came of a back-test.
enum BacktestOutput {
  /// Writes the report where it is wanted.
  static func write(_ record: BacktestRecord, _ request: BacktestRequest) throws {
    StandardStreams.writeOut(text(record))
  }

  private static func text(_ record: BacktestRecord) -> String {
    var text = "\(record.cycles) cycles of \(record.source), engine \(record.engine), fills at "
    text += "\(record.fillRule)\n"
    for notice in record.notices { text += "note: \(notice)\n" }
    for trader in record.traders {
      let end = trader.equity.last.map { USD(mantissa: $0) } ?? trader.start
      text += "\(trader.id)  \(Readable.usd(trader.start)) → \(Readable.usd(end)) USD, "
      text += "\(trader.trades.count) trades, \(trader.fills) fills, fees "
      text += "\(Readable.usd(trader.fees)), funding \(Readable.usd(trader.funding))\n"
    }
    return text
  }
}
