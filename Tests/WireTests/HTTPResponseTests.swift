import Testing
import Wire

@Suite struct HTTPResponseTests {
  @Test func findsAHeaderWhateverItsCase() {
    let response = HTTPResponse(
      status: 429, headers: [HTTPHeader("Retry-After", "3"), HTTPHeader("retry-after", "9")],
      body: [])

    #expect(response.header("RETRY-AFTER") == "3")
    #expect(response.header("Date") == nil)
  }
}
