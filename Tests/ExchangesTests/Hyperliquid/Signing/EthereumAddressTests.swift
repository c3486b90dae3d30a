import Exchanges
import Testing

@Suite struct EthereumAddressTests {
  @Test(arguments: [
    "", "0x", "0x4f177ae2e29033cd7407cac1233f8830b13162c",
    "4f177ae2e29033cd7407cac1233f8830b13162c1",
    "0x4f177ae2e29033cd7407cac1233f8830b13162c11", "0x4f177ae2e29033cd7407cac1233f8830b13162cg",
    "0X4f177ae2e29033cd7407cac1233f8830b13162c1", " 0x4f177ae2e29033cd7407cac1233f8830b13162c",
  ])
  func refusesWhatIsNoAddress(text: String) {
    #expect(EthereumAddress(text) == nil)
  }

  @Test func readsAnyCaseAndWritesLowerCase() {
    let mixed = EthereumAddress("0x4F177ae2E29033cd7407CAC1233f8830b13162C1")

    #expect(mixed?.description == "0x4f177ae2e29033cd7407cac1233f8830b13162c1")
    #expect(mixed == EthereumAddress("0x4f177ae2e29033cd7407cac1233f8830b13162c1"))
    #expect(mixed?.bytes.count == 20)
  }

  @Test func refusesTheWrongNumberOfBytes() {
    #expect(EthereumAddress(bytes: [UInt8](repeating: 1, count: 19)) == nil)
    #expect(EthereumAddress(bytes: [UInt8](repeating: 1, count: 20)) != nil)
  }
}
