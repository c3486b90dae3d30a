import Arena
import Foundation
import Testing

extension RehearsalSuite {
  @Suite(
    "The dashboard beside the files of a run",
    .enabled("needs Chromium") { DashboardBrowser.program != nil })
  struct DashboardOfARun {
    @Test func showsWhatTheRunExported() throws {
      let rehearsal = try Rehearsal()
      #expect(try rehearsal.run("run", "--cycles", "40").code == 0)
      var files = ["index.html": [DashboardPage.render()]]
      let data = rehearsal.out.appending(path: "data")
      for name in try FileManager.default.contentsOfDirectory(atPath: data.path) {
        files["data/\(name)"] = [[UInt8](try Data(contentsOf: data.appending(path: name)))]
      }
      let site = try DashboardSite(files)

      let visit = try DashboardBrowser.visit("\(site.address)/")

      #expect(visit.console == [])
      #expect(visit.document.contains("data-state=\"ready\""))
      #expect(visit.document.contains("synthetic market"))
      #expect(visit.document.contains("cycle 40"))
      for trader in ["Buy and hold", "EMA cross", "Momentum", "Random"] {
        #expect(visit.document.contains(">\(trader)</bdi>"), "expected \(trader) on the page")
      }
    }
  }
}
