/// Mean and population variance of the last `length` numbers, free of cancellation.
///
/// Cut into blocks like ``WindowSum``. Within a block mean and squared deviations follow Welford
/// (1962), the two parts of the window are joined after Chan, Golub and LeVeque (1983). Equal
/// numbers give a variance of exactly zero, which the textbook E[x²] − E[x]² does not.
struct WindowSpread: Sendable {
  /// Mean and sum of squared deviations from it.
  private struct Moments {
    var mean = 0.0
    var squares = 0.0

    mutating func add(_ number: Double, as count: Int) {
      let deviation = number - mean
      mean += deviation / Double(count)
      squares += deviation * (number - mean)
    }
  }

  /// Raw numbers (as means) of the current block before `position`, moments of the ends of the
  /// previous block from there on.
  private var slots: [Moments]
  private var position = 0
  private var prefix = Moments()
  private var window = Moments()
  /// Whether as many numbers as the window is long have come; before that, no moments.
  private(set) var isFull = false

  /// An empty window; `length` is 1 or more.
  init(length: Int) {
    slots = [Moments](repeating: Moments(), count: length)
  }

  /// The mean of a full window.
  var mean: Double { window.mean }

  /// The variance of a full window, divided by its length; never negative.
  var variance: Double { window.squares / Double(slots.count) }

  /// Takes in the next number; the oldest leaves the window when it is full.
  mutating func add(_ number: Double) {
    slots[position].mean = number
    position += 1
    prefix.add(number, as: position)
    if position < slots.count {
      join(slots[position])
    } else {
      window = prefix
      closeBlock()
    }
  }

  private mutating func join(_ older: Moments) {
    let share = Double(slots.count - position) / Double(slots.count)
    let distance = older.mean - prefix.mean
    window.mean = prefix.mean + distance * share
    window.squares =
      prefix.squares + older.squares + distance * distance * share * Double(position)
  }

  private mutating func closeBlock() {
    var suffix = Moments()
    var index = slots.count
    while index > 0 {
      index -= 1
      suffix.add(slots[index].mean, as: slots.count - index)
      slots[index] = suffix
    }
    position = 0
    prefix = Moments()
    isFull = true
  }
}
