package import Trading

/// The actions the venue knows, with their keys in the order in which they are signed (§4).
package enum ActionShapes {
  /// The action as msgpack; `nil` when it does not have the shape of its type.
  package static func packed(_ action: JSONValue) -> [UInt8]? {
    // Tests that want the reason look into the log of actions.
    try? checked(action)
  }

  /// The action as msgpack, or why it is none.
  static func checked(_ action: JSONValue) throws(SchemaFault) -> [UInt8] {
    guard let type = action["type"]?.text, let fields = fields(of: type) else {
      throw SchemaFault(problem: "action: expected a known type, was \(action["type"] ?? .null)")
    }
    return try Shape.object([.init(name: "type", shape: .word([type]))] + fields)
      .packed(action, at: "action")
  }

  private static func fields(of type: String) -> [Shape.Field]? {
    switch type {
    case "order":
      [
        .init(name: "orders", shape: .list(order)),
        .init(name: "grouping", shape: .word(["na", "normalTpsl", "positionTpsl"])),
        .init(name: "builder", shape: builder, isOptional: true),
      ]
    case "cancel":
      [.init(name: "cancels", shape: .list(fieldsOf([("a", .whole), ("o", .whole)])))]
    case "cancelByCloid":
      [.init(name: "cancels", shape: .list(fieldsOf([("asset", .whole), ("cloid", .cloid)])))]
    case "modify":
      [.init(name: "oid", shape: .either(.whole, .cloid)), .init(name: "order", shape: order)]
    case "batchModify":
      [
        .init(
          name: "modifies",
          shape: .list(fieldsOf([("oid", .either(.whole, .cloid)), ("order", order)])))
      ]
    case "updateLeverage":
      [
        .init(name: "asset", shape: .whole), .init(name: "isCross", shape: .flag),
        .init(name: "leverage", shape: .whole),
      ]
    case "updateIsolatedMargin":
      [
        .init(name: "asset", shape: .whole), .init(name: "isBuy", shape: .flag),
        .init(name: "ntli", shape: .integer),
      ]
    case "scheduleCancel": [.init(name: "time", shape: .whole, isOptional: true)]
    case "noop": []
    default: nil
    }
  }

  private static func fieldsOf(_ fields: [(String, Shape)]) -> Shape {
    .object(fields.map { Shape.Field(name: $0.0, shape: $0.1) })
  }

  private static let builder = fieldsOf([("b", .address), ("f", .whole)])

  private static let order = Shape.object([
    .init(name: "a", shape: .whole), .init(name: "b", shape: .flag),
    .init(name: "p", shape: .decimal), .init(name: "s", shape: .decimal),
    .init(name: "r", shape: .flag),
    .init(
      name: "t",
      shape: .either(
        fieldsOf([("limit", fieldsOf([("tif", .word(["Gtc", "Ioc", "Alo"]))]))]),
        fieldsOf([
          (
            "trigger",
            fieldsOf([
              ("isMarket", .flag), ("triggerPx", .decimal), ("tpsl", .word(["tp", "sl"])),
            ])
          )
        ]))),
    .init(name: "c", shape: .cloid, isOptional: true),
  ])
}
