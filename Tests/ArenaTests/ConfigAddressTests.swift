import Arena
import Testing

/// Which addresses are accepted, and which of them need no key.
@Suite struct ConfigAddressTests {
  /// Whether an address is accepted, and whether a model there runs without a key.
  private func verdict(_ address: String) -> (isAccepted: Bool, needsNoKey: Bool) {
    let loaded = ConfigFixtures.asking(
      "default_model: m\nmodels:\n  m:\n    base_url: '\(address)'\n")
    return (loaded.config != nil, loaded.config?.issuesForRun == [])
  }

  @Test(arguments: [
    "http://localhost", "http://LOCALHOST:11434/v1", "https://localhost/", "http://127.0.0.1:8080",
    "http://127.1.2.3/v1/", "http://[::1]:80/v1", "http://10.0.0.7:8000/v1",
  ])
  func needNoKeyOnThisMachineOrUnencrypted(address: String) {
    #expect(verdict(address) == (true, true))
  }

  @Test(arguments: [
    "https://api.openai.com/v1", "https://127.0.0.1.evil.example", "https://localhost.evil.example",
    "https://127.0.0.256", "https://[::2]/v1", "https://128.0.0.1",
  ])
  func needAKeyElsewhere(address: String) {
    #expect(verdict(address) == (true, false))
  }

  @Test(arguments: [
    "api.openai.com", "ftp://x", "https://", "https:///v1", "https://x:0", "https://x:65536",
    "https://x:+1", "https://x:", "https://u@x", "https://u:p@x", "https://x/?key=1", "https://x#y",
    "https://x y", "https://ex\u{e4}mple", "https://[::1", "https://[x]", "https://x\\y",
    "https://a_b!",
  ])
  func areRefused(address: String) {
    #expect(verdict(address) == (false, false))
  }
}
