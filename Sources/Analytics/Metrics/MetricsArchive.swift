import Trading

/// Where aggregates are written to or read from: one description of a type's fields serves
/// writing, reading and comparing.
protocol MetricsArchive {
  /// Whether reading met something that is no aggregate; what is read from then on is void.
  var isBroken: Bool { get }
  /// Takes or gives a whole number.
  mutating func value(_ name: StaticString, _ number: inout Int64)
  /// Takes or gives a floating-point number, bit by bit.
  mutating func value(_ name: StaticString, _ number: inout Double)
  /// Takes or gives a text.
  mutating func value(_ name: StaticString, _ text: inout String)
  /// Goes into a part of that name, and out of it when the closure ends.
  mutating func part(_ name: StaticString, _ body: (inout Self) -> Void)
}

/// A type whose fields can be written and read.
protocol Archived {
  /// Hands every field to an archive, always in the same order.
  mutating func archive(in archive: inout some MetricsArchive)
}

extension MetricsArchive {
  /// Takes or gives the fields of a part.
  mutating func value(_ name: StaticString, _ part: inout some Archived) {
    self.part(name) { part.archive(in: &$0) }
  }

  /// Takes or gives an amount.
  mutating func value(_ name: StaticString, _ amount: inout USD) {
    var mantissa = amount.mantissa
    value(name, &mantissa)
    amount = USD(mantissa: mantissa)
  }

  /// Takes or gives an amount that may be missing.
  mutating func value(_ name: StaticString, _ amount: inout USD?) {
    var isGiven: Int64 = amount == nil ? 0 : 1
    var mantissa = amount?.mantissa ?? 0
    value("given", &isGiven)
    value(name, &mantissa)
    amount = isGiven == 0 ? nil : USD(mantissa: mantissa)
  }

  /// Takes or gives a list of any length; items that are not there yet are made from `blank`.
  mutating func list<Item: Archived>(
    _ name: StaticString, _ items: inout [Item], blank: Item
  ) {
    part(name) { archive in
      var count = Int64(items.count)
      archive.value("count", &count)
      if items.count != count { items = [] }
      for index in 0..<max(0, Int(count)) where !archive.isBroken {
        if index == items.count { items.append(blank) }
        archive.value("item", &items[index])
      }
    }
  }
}
