/// The sum of the last `length` numbers, without subtraction.
///
/// A running sum that adds the newest and subtracts the oldest number gathers rounding errors
/// without end. This one cuts the series into blocks as long as the window: the window is always
/// the end of the previous block, whose suffix sums are stored, and the beginning of the current
/// one. So each number takes part in at most `length` additions, and a window of zeros sums to
/// exactly zero. An addition costs O(1), counting the pass over a finished block for its members.
struct WindowSum: Sendable {
  /// Raw numbers of the current block before `position`, suffix sums of the previous one from
  /// there on.
  private var slots: [Double]
  private var position = 0
  private var prefix = 0.0
  /// Whether as many numbers as the window is long have come.
  private(set) var isFull = false
  /// The sum of the numbers in the window, of all of them until it is full.
  private(set) var sum = 0.0

  /// An empty window; `length` is 1 or more.
  init(length: Int) {
    slots = [Double](repeating: 0, count: length)
  }

  /// How many numbers the window holds.
  var length: Int { slots.count }

  /// Takes in the next number; the oldest leaves the window when it is full.
  mutating func add(_ number: Double) {
    slots[position] = number
    prefix += number
    position += 1
    if position < slots.count {
      sum = prefix + slots[position]
    } else {
      sum = prefix
      closeBlock()
    }
  }

  private mutating func closeBlock() {
    var suffix = 0.0
    var index = slots.count
    while index > 0 {
      index -= 1
      suffix += slots[index]
      slots[index] = suffix
    }
    position = 0
    prefix = 0
    isFull = true
  }
}
