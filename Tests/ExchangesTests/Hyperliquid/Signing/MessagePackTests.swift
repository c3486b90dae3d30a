import Exchanges
import Testing
import Trading

/// The expected bytes are read off the msgpack specification.
@Suite struct MessagePackTests {
  private static let shortest: [(MessagePack, String)] = [
    (MessagePack.uint(0), "0x00"), (.uint(127), "0x7f"), (.uint(128), "0xcc80"),
    (.uint(255), "0xccff"), (.uint(256), "0xcd0100"), (.uint(65535), "0xcdffff"),
    (.uint(65536), "0xce00010000"), (.uint(4_294_967_295), "0xceffffffff"),
    (.uint(4_294_967_296), "0xcf0000000100000000"), (.uint(.max), "0xcfffffffffffffffff"),
    (.int(5), "0x05"), (.int(200), "0xccc8"), (.int(-1), "0xff"), (.int(-32), "0xe0"),
    (.int(-33), "0xd0df"), (.int(-128), "0xd080"), (.int(-129), "0xd1ff7f"),
    (.int(-32768), "0xd18000"), (.int(-32769), "0xd2ffff7fff"),
    (.int(-2_147_483_648), "0xd280000000"), (.int(-2_147_483_649), "0xd3ffffffff7fffffff"),
    (.int(.min), "0xd38000000000000000"), (.bool(true), "0xc3"), (.bool(false), "0xc2"),
    (.text(""), "0xa0"), (.text("ab"), "0xa26162"), (.array([]), "0x90"), (.map([]), "0x80"),
    (.map([.init("b", .uint(1)), .init("a", .uint(2))]), "0x82a16201a16102"),
  ]

  @Test(arguments: shortest)
  func writesTheShortestForm(value: MessagePack, expected: String) {
    #expect(hex(value.bytes) == expected)
  }

  @Test(arguments: [
    (31, "0xbf"), (32, "0xd920"), (255, "0xd9ff"), (256, "0xda0100"), (65535, "0xdaffff"),
  ])
  func countsTheBytesOfATextBeforeIt(count: Int, header: String) {
    let bytes = MessagePack.text(String(repeating: "x", count: count)).bytes
    #expect(hex(Array(bytes.dropLast(count))) == header)
  }

  @Test(arguments: [(15, "0x9f"), (16, "0xdc0010"), (200, "0xdc00c8")])
  func countsTheElementsOfAListBeforeThem(count: Int, header: String) {
    let bytes = MessagePack.array([MessagePack](repeating: .uint(7), count: count)).bytes
    #expect(hex(Array(bytes.dropLast(count))) == header)
  }

  @Test func countsTheKeysOfAMapBeforeThem() {
    let entries = (0..<16).map { _ in MessagePack.Entry("k", .uint(7)) }
    #expect(hex(Array(MessagePack.map(Array(entries.dropLast())).bytes.prefix(1))) == "0x8f")
    #expect(hex(Array(MessagePack.map(entries).bytes.prefix(3))) == "0xde0010")
  }
}
