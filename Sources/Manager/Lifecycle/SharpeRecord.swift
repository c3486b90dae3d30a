/// How long a record must be before its Sharpe ratio decides anything.
package enum SharpeRecord {
  /// Daily returns a trader needs, so that one lucky day neither feeds nor ends it.
  package static let leastDays = 20
}
