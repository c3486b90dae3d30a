/// The greatest of the last `length` numbers, after van Herk (1992) and Gil and Werman (1993).
///
/// Cut into blocks like ``WindowSum``: the greatest of the stored maximum of the previous block's
/// end and the maximum of the current block's beginning. O(1) a number, counting the pass over a
/// finished block for its members. The least of a window is minus the greatest of the negatives.
struct WindowMaximum: Sendable {
  private var slots: [Double]
  private var position = 0
  private var prefix = -Double.infinity
  /// Whether as many numbers as the window is long have come.
  private(set) var isFull = false
  /// The greatest number in the window; minus infinity before the first.
  private(set) var maximum = -Double.infinity

  /// An empty window; `length` is 1 or more.
  init(length: Int) {
    slots = [Double](repeating: -.infinity, count: length)
  }

  /// Takes in the next number; the oldest leaves the window when it is full.
  mutating func add(_ number: Double) {
    slots[position] = number
    if number > prefix { prefix = number }
    position += 1
    if position < slots.count {
      let previous = slots[position]
      maximum = previous > prefix ? previous : prefix
    } else {
      maximum = prefix
      closeBlock()
    }
  }

  private mutating func closeBlock() {
    var suffix = -Double.infinity
    var index = slots.count
    while index > 0 {
      index -= 1
      if slots[index] > suffix { suffix = slots[index] }
      slots[index] = suffix
    }
    position = 0
    prefix = -.infinity
    isFull = true
  }
}
