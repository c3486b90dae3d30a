import Trading

/// Writes decisions as a model would: an object `{"decisions": […]}` with one element.
enum DecisionText {
  /// The decision that was wished for, as an answer to a question.
  static func text(_ wish: DecisionWish, answering question: String) -> String {
    let decision =
      switch wish {
      case .hold: hold("nothing to do")
      case .enter(let coin, let direction, let sizeUSD, let leverage):
        enter(coin, direction, sizeUSD: sizeUSD, leverage: leverage, question: question)
      case .close(let coin, let fraction): close(coin, fraction: fraction)
      }
    return JSONValue.object([JSONMember("decisions", .array([.object(decision)]))]).document
  }

  private static func hold(_ reasoning: String) -> [JSONMember] {
    fields(action: "hold", coin: "BTC", reasoning: reasoning)
  }

  private static func close(_ coin: String, fraction: String?) -> [JSONMember] {
    let all = fields(action: "close", coin: coin, reasoning: "the plan is done")
    guard let fraction else { return all }
    return all + [JSONMember("close_fraction", .number(fraction))]
  }

  private static func enter(
    _ coin: String?, _ direction: DecisionWish.Direction, sizeUSD: Int, leverage: Int,
    question: String
  ) -> [JSONMember] {
    guard let (coin, entry) = PriceSearch.first(of: coin, in: question) else {
      return hold("found no price of \(coin ?? "any coin") in the question")
    }
    // A risk of 2 % for a gain of 6 %.
    let sign: Int64 = direction == .long ? 1 : -1
    guard let stop = entry.moved(by: Bps(whole: -200 * sign)),
      let target = entry.moved(by: Bps(whole: 600 * sign))
    else { return hold("found no room around \(entry)") }
    return fields(
      action: direction == .long ? "buy_to_enter" : "sell_to_enter", coin: coin,
      leverage: leverage, sizeUSD: sizeUSD,
      prices: [entry, stop, target].map { "\($0)" }, confidence: 75,
      risk: "\(USD(mantissa: Int64(sizeUSD) * exactDecimalScale / 50))",
      invalidation: "a close beyond \(stop)", reasoning: "follows the move from \(entry)")
  }

  private static func fields(
    action: String, coin: String, leverage: Int = 0, sizeUSD: Int = 0,
    prices: [String] = ["0", "0", "0"], confidence: Int = 50, risk: String = "0",
    invalidation: String = "none", reasoning: String
  ) -> [JSONMember] {
    [
      JSONMember("action", .text(action)), JSONMember("symbol", .text(coin)),
      JSONMember("leverage", .number(leverage)),
      JSONMember("position_size_usd", .number(sizeUSD)),
      JSONMember("entry_price", .number(prices[0])), JSONMember("stop_loss", .number(prices[1])),
      JSONMember("take_profit", .number(prices[2])),
      JSONMember("confidence", .number(confidence)), JSONMember("risk_usd", .number(risk)),
      JSONMember("invalidation_condition", .text(invalidation)),
      JSONMember("reasoning", .text(reasoning)),
    ]
  }
}

/// Finds what a coin costs in a text that was written for a model.
enum PriceSearch {
  /// Coins looked for when none is named, in this order.
  static let coins = ["BTC", "ETH", "SOL", "BNB", "XRP", "DOGE"]

  private static let labels = [
    "current_price", "mid_price", "mid", "price", "mark_price", "mark", "last", "close",
  ]
  /// Bytes behind a coin's name in which its price is looked for.
  private static let reach = 400

  /// The price of a coin, or of the first coin that has one.
  ///
  /// It is the number right behind a word such as `price`, `mid` or `mark` that follows the
  /// coin's name, with no other coin between; else the number right behind the name.
  ///
  /// - Parameters:
  ///   - coin: The coin; `nil` = any of ``coins``.
  ///   - text: The text, for example a user message or a JSON document.
  /// - Returns: `nil` when no price is found.
  static func first(of coin: String?, in text: String) -> (coin: String, price: Price)? {
    let words = words(of: Array(text.utf8))
    for coin in coin.map({ [$0] }) ?? coins {
      let places = words.indices.filter { words[$0].text == coin }
      let labelled = places.lazy.compactMap { price(near: $0, in: words) }.first
      let bare = places.lazy.compactMap { words.dropFirst($0 + 1).first }
        .compactMap { Price($0.text) }.first
      if let price = labelled ?? bare { return (coin, price) }
    }
    return nil
  }

  private struct Word {
    let start: Int
    let text: String
  }

  private static func price(near place: Int, in words: [Word]) -> Price? {
    let coin = words[place]
    let near = words[(place + 1)...].prefix {
      $0.start < coin.start + reach && ($0.text == coin.text || !coins.contains($0.text))
    }
    for label in labels {
      for index in near.indices.dropLast() where near[index].text.lowercased() == label {
        if let price = Price(near[index + 1].text) { return price }
      }
    }
    return nil
  }

  /// Runs of letters, digits, `_` and `.`, a final point cut off.
  private static func words(of bytes: [UInt8]) -> [Word] {
    var words: [Word] = []
    var start: Int?
    for index in 0...bytes.count {
      let isPart = index < bytes.count && isWordByte(bytes[index])
      if isPart, start == nil { start = index }
      guard !isPart, let begun = start else { continue }
      var end = index
      while end > begun, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
      words.append(Word(start: begun, text: String(decoding: bytes[begun..<end], as: UTF8.self)))
      start = nil
    }
    return words
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
