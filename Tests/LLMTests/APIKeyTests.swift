import LLM
import Testing

@Suite struct APIKeyTests {
  @Test func neverShowsItself() {
    let key = APIKey("sk-canary")

    var dumped = ""
    dump(key, to: &dumped)
    #expect(!"\(key)\(String(reflecting: key))\(dumped)".contains("canary"))
  }
}
