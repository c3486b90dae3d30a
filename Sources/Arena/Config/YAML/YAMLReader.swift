import CYaml

/// Reads one YAML document through libyaml into nodes that know their places.
struct YAMLReader {
  /// Bytes a configuration file may have.
  static let maximumBytes = 4_000_000
  /// Levels of nesting a document may have.
  static let maximumDepth = 32
  /// Nodes a document may have, those of repeated aliases counted each time.
  static let maximumNodes = 100_000

  private let file: String
  private var issues: [ConfigIssue] = []
  private var nodesLeft = Self.maximumNodes

  /// The document's top node and what is wrong with the document; the node is `nil` for an empty
  /// document and when the text cannot be understood at all.
  static func read(_ text: String, file: String) -> (node: YAMLNode?, issues: [ConfigIssue]) {
    var reader = YAMLReader(file: file)
    let node = reader.document(Array(text.utf8))
    return (node, reader.issues)
  }

  private init(file: String) { self.file = file }
}

extension YAMLReader {
  private mutating func document(_ bytes: [UInt8]) -> YAMLNode? {
    guard bytes.count <= Self.maximumBytes else {
      report(
        "the file has \(bytes.count) bytes, expected at most \(Self.maximumBytes)",
        "split it or remove what is not configuration")
      return nil
    }
    // libyaml asserts that there is input.
    guard !bytes.isEmpty else { return nil }
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else {
      report("there is not enough memory to read it", "free some memory and try again")
      return nil
    }
    defer { yaml_parser_delete(&parser) }
    return bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      return load(&parser, bytes)
    }
  }

  private mutating func load(_ parser: inout yaml_parser_t, _ bytes: [UInt8]) -> YAMLNode? {
    var document = yaml_document_t()
    guard yaml_parser_load(&parser, &document) == 1 else {
      reportSyntax(parser, bytes)
      return nil
    }
    defer { yaml_document_delete(&document) }
    guard let root = yaml_document_get_root_node(&document) else { return nil }
    let node = convert(root, &document, depth: 1)

    var second = yaml_document_t()
    guard yaml_parser_load(&parser, &second) == 1 else {
      reportSyntax(parser, bytes)
      return nil
    }
    defer { yaml_document_delete(&second) }
    if let extra = yaml_document_get_root_node(&second) {
      report(
        "expected one document, found a second one", "remove the line --- and what follows",
        at: place(extra.pointee.start_mark))
    }
    return node
  }

  private mutating func convert(
    _ node: UnsafeMutablePointer<yaml_node_t>, _ document: inout yaml_document_t, depth: Int
  ) -> YAMLNode? {
    let place = place(node.pointee.start_mark)
    nodesLeft -= 1
    guard nodesLeft >= 0 else {
      if nodesLeft == -1 {
        report(
          "the file has more than \(Self.maximumNodes) values, aliases counted",
          "remove what is not configuration", at: place)
      }
      return nil
    }
    guard depth <= Self.maximumDepth else {
      report(
        "values are nested more than \(Self.maximumDepth) deep, or an alias contains itself",
        "write it flatter", at: place)
      // One message says it; a thousand more would follow from the same cause.
      nodesLeft = -1
      return nil
    }
    let value = node.pointee
    switch value.type {
    case YAML_SCALAR_NODE:
      let scalar = value.data.scalar
      let text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
      return YAMLNode(place: place, content: .scalar(text, isPlain: isPlain))
    case YAML_SEQUENCE_NODE:
      let items = value.data.sequence.items
      let children = UnsafeBufferPointer(start: items.start, count: items.top - items.start)
        .compactMap { index in child(index, &document, depth: depth + 1) }
      return YAMLNode(place: place, content: .sequence(children))
    case YAML_MAPPING_NODE:
      return YAMLNode(
        place: place, content: .mapping(entries(value, &document, depth: depth)))
    default:
      // libyaml has exactly these three; its C enum cannot say so.
      return nil
    }
  }

  private mutating func child(
    _ index: CInt, _ document: inout yaml_document_t, depth: Int
  ) -> YAMLNode? {
    guard let node = yaml_document_get_node(&document, index) else { return nil }
    return convert(node, &document, depth: depth)
  }

  private mutating func entries(
    _ mapping: yaml_node_t, _ document: inout yaml_document_t, depth: Int
  ) -> [YAMLNode.Entry] {
    let pairs = mapping.data.mapping.pairs
    var entries: [YAMLNode.Entry] = []
    var merged: [YAMLNode.Entry] = []
    for pair in UnsafeBufferPointer(start: pairs.start, count: pairs.top - pairs.start) {
      guard let key = child(pair.key, &document, depth: depth + 1),
        let value = child(pair.value, &document, depth: depth + 1)
      else { continue }
      guard case .scalar(let name, let isPlain) = key.content else {
        report("a key is \(key.kind)", "use plain text as key", at: key.place)
        continue
      }
      if isPlain, name == "<<" {
        merged += Self.mergeable(value)
      } else if let first = entries.first(where: { $0.key == name }) {
        report(
          "the key \(quoted(name)) appears twice, first on line \(first.keyPlace.line)",
          "keep one of them", at: key.place)
      } else {
        entries.append(YAMLNode.Entry(key: name, keyPlace: key.place, value: value))
      }
    }
    for entry in merged where !entries.contains(where: { $0.key == entry.key }) {
      entries.append(entry)
    }
    return entries
  }

  /// The entries that `<<: *anchor` brings in, the first of several anchors first.
  private static func mergeable(_ value: YAMLNode) -> [YAMLNode.Entry] {
    switch value.content {
    case .mapping(let entries): entries
    case .sequence(let items): items.flatMap(mergeable)
    case .scalar: []
    }
  }

  private mutating func reportSyntax(_ parser: yaml_parser_t, _ bytes: [UInt8]) {
    let problem = parser.problem.map { String(cString: $0) } ?? "it is not YAML"
    let context = parser.context.map { String(cString: $0) + ", " } ?? ""
    guard parser.error == YAML_READER_ERROR else {
      report(
        "YAML: \(context)\(problem)", "check indentation, colons, quotes and brackets here",
        at: place(parser.error == YAML_MEMORY_ERROR ? parser.mark : parser.problem_mark))
      return
    }
    // A reader error has an offset in bytes instead of a mark.
    let before = bytes.prefix(parser.problem_offset)
    let line = before.count { $0 == 10 }
    let column = before.reversed().prefix { $0 != 10 }.count { $0 & 0xC0 != 0x80 }
    report(
      "YAML: \(problem)", "write the file as UTF-8 text without control characters",
      at: ConfigPlace(file: file, line: line + 1, column: column + 1))
  }

  private mutating func report(_ problem: String, _ advice: String, at place: ConfigPlace? = nil) {
    let place = place ?? ConfigPlace(file: file, line: 1, column: 1)
    issues.append(ConfigIssue(.error, at: place, key: "", problem: problem, advice: advice))
  }

  private func place(_ mark: yaml_mark_t) -> ConfigPlace {
    ConfigPlace(file: file, line: mark.line + 1, column: mark.column + 1)
  }
}
