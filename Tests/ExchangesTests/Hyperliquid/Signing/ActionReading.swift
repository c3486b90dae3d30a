import Exchanges
import Testing
import Trading

/// Reads an action of the vectors into our types; the single place that knows both.
enum ActionReading {
  static func action(_ json: JSONValue) throws -> VenueAction {
    switch try json.requiredText("type") {
    case "order":
      let orders = try #require(json["orders"]?.elements).map(order)
      let grouping = try #require(VenueAction.Grouping(rawValue: json.requiredText("grouping")))
      return .order(orders, grouping: grouping)
    case "cancel":
      let cancels = try #require(json["cancels"]?.elements)
      return .cancel(
        try cancels.map {
          CancelByNumber(
            asset: try $0.requiredWhole("a"), number: Int64(try $0.requiredWhole("o")))
        })
    case "cancelByCloid":
      let cancels = try #require(json["cancels"]?.elements)
      return .cancelByCloid(
        try cancels.map {
          CancelByID(
            asset: try $0.requiredWhole("asset"),
            id: try #require(ClientOrderID($0.requiredText("cloid"))))
        })
    case "modify": return .modify(try change(json))
    case "batchModify":
      return .batchModify(try #require(json["modifies"]?.elements).map(change))
    case "updateLeverage":
      return .updateLeverage(
        asset: try json.requiredWhole("asset"), isCross: try json.requiredFlag("isCross"),
        leverage: try json.requiredWhole("leverage"))
    case "updateIsolatedMargin":
      return .updateIsolatedMargin(
        asset: try json.requiredWhole("asset"), isBuy: try json.requiredFlag("isBuy"),
        microUSD: Int64(try json.requiredWhole("ntli")))
    case "scheduleCancel":
      return .scheduleCancel(at: json["time"]?.whole.map { Timestamp(ms: Int64($0)) })
    case "noop": return .noop
    case let other: throw UnknownAction(type: other)
    }
  }

  struct UnknownAction: Error {
    let type: String
  }

  private static func order(_ json: JSONValue) throws -> WireOrder {
    let kind: WireOrder.Kind
    let how = try #require(json["t"])
    if let limit = how["limit"] {
      let tif = try limit.requiredText("tif")
      kind = .limit(tif: try #require(WireOrder.TimeInForce(rawValue: tif)))
    } else {
      let trigger = try #require(how["trigger"])
      kind = .trigger(
        isMarket: try trigger.requiredFlag("isMarket"),
        at: try #require(Price(trigger.requiredText("triggerPx"))),
        isStop: try trigger.requiredText("tpsl") == "sl")
    }
    return WireOrder(
      asset: try json.requiredWhole("a"), isBuy: try json.requiredFlag("b"),
      price: try #require(Price(json.requiredText("p"))),
      size: try #require(Quantity(json.requiredText("s"))),
      reduceOnly: try json.requiredFlag("r"), kind: kind,
      id: json["c"]?.text.flatMap { ClientOrderID($0) })
  }

  private static func change(_ json: JSONValue) throws -> OrderChange {
    let target: OrderChange.Target =
      if let number = json["oid"]?.whole {
        .number(Int64(number))
      } else {
        .id(try #require(ClientOrderID(json.requiredText("oid"))))
      }
    return OrderChange(target: target, order: try order(#require(json["order"])))
  }
}
