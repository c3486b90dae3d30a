/// The JSON Schema of the configuration, made from the same table that checks it.
package enum ConfigSchema {
  /// The schema (draft 2020-12): one property for each file, so that an editor can be pointed at
  /// `#/properties/manager.yaml`.
  package static var text: String {
    var properties: [JSONTree.Member] = []
    for file in ConfigFile.allCases {
      properties.append((file.rawValue, .object(group(file.keys))))
    }
    let top: [JSONTree.Member] = [
      ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      ("title", .text("Configuration of nof0")), ("type", .text("object")),
      ("properties", .object(properties)), ("additionalProperties", .plain("false")),
    ]
    return JSONTree.object(top).rendered(indent: 0) + "\n"
  }
}

/// JSON in the order in which it is written down.
private indirect enum JSONTree {
  typealias Member = (name: String, value: JSONTree)

  case text(String)
  /// A number, `true` or `false`.
  case plain(String)
  case array([JSONTree])
  case object([Member])

  func rendered(indent: Int) -> String {
    let outer = String(repeating: " ", count: indent)
    let inner = outer + "  "
    switch self {
    case .text(let text): return jsonText(text)
    case .plain(let text): return text
    case .array(let items):
      return "[" + items.map { $0.rendered(indent: indent) }.joined(separator: ", ") + "]"
    case .object(let members):
      guard !members.isEmpty else { return "{}" }
      let lines = members.map {
        inner + jsonText($0.name) + ": " + $0.value.rendered(indent: indent + 2)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n" + outer + "}"
    }
  }
}

extension ConfigSchema {
  private static func group(_ keys: [ConfigKey]) -> [JSONTree.Member] {
    let required = keys.filter(\.isRequired).map { JSONTree.text($0.name) }
    var members: [JSONTree.Member] = [
      ("type", .text("object")),
      ("properties", .object(keys.map { ($0.name, .object(property($0))) })),
    ]
    if !required.isEmpty { members.append(("required", .array(required))) }
    members.append(("additionalProperties", .plain("false")))
    return members
  }

  private static func property(_ key: ConfigKey) -> [JSONTree.Member] {
    var members: [JSONTree.Member] = [("description", .text(key.summary))]
    switch key.use {
    case .used: break
    case .dormant: members.append(("$comment", .text("Nothing in this version uses it.")))
    case .meaningless: members.append(("deprecated", .plain("true")))
    }
    if let standard = key.standard { members.append(("default", value(standard, key.shape))) }
    return members + shape(key.shape)
  }

  private static func shape(_ shape: ConfigKey.Shape) -> [JSONTree.Member] {
    switch shape {
    case .scalar(let kind): return scalar(kind)
    case .list(let kind, let count):
      return [
        ("type", .text("array")), ("items", .object(scalar(kind))),
        ("minItems", .plain("\(count)")), ("uniqueItems", .plain("true")),
      ]
    case .arguments:
      return [
        ("type", .text("array")), ("items", .object([("type", .text("string"))])),
        ("minItems", .plain("1")),
      ]
    case .section(let keys, _): return group(keys)
    case .named(let keys): return named(.object(group(keys)))
    case .namedScalars(let kind): return named(.object(scalar(kind)))
    case .items(let keys):
      return [
        ("type", .text("array")), ("items", .object(group(keys))), ("minItems", .plain("1")),
      ]
    case .typed(let variants):
      let cases = variants.map { variant -> JSONTree in
        let type = ConfigKey.required("type", .word([variant.type]), "What it is.")
        return .object(group([type] + variant.keys))
      }
      return named(.object([("oneOf", .array(cases))]))
    case .anything: return []
    }
  }

  private static func named(_ value: JSONTree) -> [JSONTree.Member] {
    [("type", .text("object")), ("additionalProperties", value)]
  }

  /// A value of the kind, or text that refers to a variable.
  private static func scalar(_ kind: ScalarKind) -> [JSONTree.Member] {
    let variable = JSONTree.object([("type", .text("string")), ("pattern", .text("\\$"))])
    func either(_ members: [JSONTree.Member]) -> [JSONTree.Member] {
      [("anyOf", .array([.object(members), variable]))]
    }
    switch kind {
    case .text, .secret, .argument, .keyFile: return [("type", .text("string"))]
    case .account:
      return either([("type", .text("string")), ("pattern", .text("^0x[0-9a-fA-F]{40}$"))])
    case .address:
      return either([("type", .text("string")), ("pattern", .text("^https?://[^@?#]+$"))])
    case .variable:
      return either([
        ("type", .text("string")), ("pattern", .text("^[A-Za-z_][A-Za-z0-9_]*$")),
      ])
    case .name:
      return either([
        ("type", .text("string")), ("pattern", .text("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")),
      ])
    case .coin(let orNone):
      return either([
        ("type", .text("string")),
        ("pattern", .text("^[A-Za-z0-9]{\(orNone ? 0 : 1),20}$")),
      ])
    case .span:
      return either([
        ("type", .text("string")),
        ("pattern", .text("^(0|([0-9]+(\\.[0-9]+)?(ms|s|m|h|d))+)?$")),
      ])
    case .spanWithin:
      return either([
        ("type", .text("string")),
        ("pattern", .text("^(0|([0-9]+(\\.[0-9]+)?(ms|s|m|h|d))+)$")),
      ])
    case .spanOrWord(let word):
      return either([
        ("type", .text("string")),
        ("pattern", .text("^(\(word)|([0-9]+(\\.[0-9]+)?(ms|s|m|h|d))+)$")),
      ])
    case .word(let words): return either([("enum", .array(words.map { .text($0) }))])
    case .flag: return either([("type", .text("boolean"))])
    case .whole(let range):
      return either([
        ("type", .text("integer")), ("minimum", .plain("\(range.lowerBound)")),
        ("maximum", .plain("\(range.upperBound)")),
      ])
    case .decimal(let low, let high, let above):
      return either([
        ("type", .text("number")),
        (above ? "exclusiveMinimum" : "minimum", .plain("\(low)")), ("maximum", .plain("\(high)")),
      ])
    }
  }

  /// A default in the form it has in YAML.
  private static func value(_ text: String, _ shape: ConfigKey.Shape) -> JSONTree {
    guard case .scalar(let kind) = shape else { return .text(text) }
    switch kind {
    case .flag, .whole, .decimal: return .plain(text)
    case .text, .word, .name, .coin, .span, .spanOrWord, .spanWithin, .secret, .address, .argument,
      .variable, .keyFile, .account:
      return .text(text)
    }
  }
}
