import Trading

/// The fields of a JSON object, in any order: they are written in that of their keys.
struct BacktestFields {
  private var fields: [(key: String, write: (inout CanonicalJSON, String) -> Void)] = []

  /// Adds a field; the closure writes the key it is given and a value.
  mutating func add(_ key: String, _ write: @escaping (inout CanonicalJSON, String) -> Void) {
    fields.append((key, write))
  }

  mutating func add(_ key: String, _ text: String) { add(key) { $0.field($1, text) } }

  mutating func add(_ key: String, _ flag: Bool?) {
    add(key) { json, key in
      if let flag { json.field(key, flag) } else { json.null(key) }
    }
  }

  mutating func add(_ key: String, _ number: Int?) {
    add(key) { json, key in
      if let number { json.field(key, number) } else { json.null(key) }
    }
  }

  mutating func add(_ key: String, _ number: Double?) {
    add(key) { json, key in
      if let number = finite(number) { json.field(key, number) } else { json.null(key) }
    }
  }

  mutating func add(_ key: String, _ decimal: (some ExactDecimal)?) {
    add(key) { json, key in
      if let decimal { json.field(key, decimal) } else { json.null(key) }
    }
  }

  mutating func add(_ key: String, _ instant: Timestamp?) {
    add(key) { json, key in
      if let instant { json.field(key, instant.ms) } else { json.null(key) }
    }
  }

  /// Adds an object; null without one.
  mutating func add(_ key: String, _ object: BacktestFields?) {
    add(key) { json, key in
      if let object { json.object(key, object.write) } else { json.null(key) }
    }
  }

  /// Adds an array of objects.
  mutating func add(_ key: String, _ objects: [BacktestFields]) {
    add(key) { $0.array($1, objects) { $0.object($1.write) } }
  }

  /// Adds an object of counts by name.
  mutating func add(counts key: String, _ counts: [BacktestCount]) {
    var object = BacktestFields()
    for count in counts { object.add(count.name, count.count) }
    add(key, object)
  }

  /// Writes the fields in ascending order of their keys.
  func write(_ json: inout CanonicalJSON) {
    let sorted = fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for field in sorted {
      field.write(&json, field.key)
    }
  }
}
