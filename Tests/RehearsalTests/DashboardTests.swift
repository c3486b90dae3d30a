import Arena
import Foundation
import Testing

extension RehearsalSuite {
  @Suite(
    "The dashboard in a browser",
    .enabled("needs Chromium") { DashboardBrowser.program != nil })
  struct Dashboard {
    @Test func showsTwelveTradersFromBelowASubPathWithoutAComplaint() throws {
      let arena = DashboardArena(traders: 12)
      let site = try DashboardSite(
        arena.site(DashboardPage.render(), below: "some/where").merging(
          ["stage.html": [stage("some/where/", "return text('.board');")]]) { first, _ in first })

      let visit = try DashboardBrowser.visit("\(site.address)/stage.html")

      #expect(visit.console == [])
      for id in 0..<12 {
        #expect(visit.document.contains("Name trader-\(id < 10 ? "0" : "")\(id)"))
      }
      #expect(visit.document.contains("12 traders, not distinguishable"))
      #expect(visit.document.contains("by hand"))
      let asked = Set(site.asked).subtracting(["stage.html", "favicon.ico"])
      let names = arena.files.keys.map { "some/where/data/\($0).json" }
      #expect(asked == Set(names + ["some/where/data/manifest.json", "some/where/index.html"]))
    }

    @Test func hostileTextStaysText() throws {
      let hostile =
        "</script></style><script>document.title='taken'</script>"
        + "<img src=x onerror=\"document.title='taken'\"><svg onload=\"document.title='taken'\">"
        + "\u{202E}redro\u{202C}\u{2066}\u{0}\u{1B}[31m"
      var arena = DashboardArena(traders: 2)
      arena.files["conversations"] = [
        "conversations": [
          DashboardArena.conversation(of: "trader-00", at: arena.at, saying: hostile),
          ["model_id": hostile, "llm_response": [hostile: NSNull()]],
        ]
      ]
      arena.files["alerts"] = [
        "alerts": [["severity": hostile, "message": hostile, "kind": hostile]]
      ]
      arena.files["positions"] = [
        "accountTotals": [
          [
            "model_id": hostile,
            "positions": [hostile: ["exit_plan": hostile, "quantity": 1]],
          ]
        ]
      ]

      let seen = try look(
        at: arena,
        """
        all('#conversations summary').forEach((fold) => fold.click());
        await pause(50);
        return [all('script').length, all('img,iframe,object,[onerror],[onload]').length,
          page.title, text('#talk').includes("<img src=x onerror="),
          all('pre').length, /[\\u202a-\\u202e\\u2066-\\u2069\\u001b]/.test(page.body.innerText)]
          .join(' | ');
        """)

      #expect(seen == "1 | 0 | Test arena | true | 3 | false")
    }

    @Test func anEmptyArenaSaysSoEverywhere() throws {
      let seen = try look(
        at: DashboardArena(traders: 0),
        "return text('main') + all('.notice.bad,.notice.warn').length;")

      for words in [
        "No trader yet", "No equity yet", "No trader holds anything", "No exposure",
        "No trade has been closed yet", "No trader has been asked yet", "No open alert",
        "No language model has been called", "No run is on record yet",
      ] {
        #expect(seen.contains(words))
      }
      #expect(seen.hasSuffix("0"))
    }

    @Test func theChartObeysKeysWheelAndLegend() throws {
      let seen = try look(
        at: DashboardArena(traders: 3),
        """
        const said = [];
        const labels = () => all('.axes text').map((node) => node.textContent).join(' ');
        const key = (name) => one('#chart svg').dispatchEvent(
          new page.defaultView.KeyboardEvent('keydown', { key: name, bubbles: true }));
        const whole = labels();
        said.push(all('.curve').length, all('.curve.benchmark').length);
        one('#chart svg').focus();
        key('+');
        said.push(labels() !== whole, page.activeElement === one('#chart svg'));
        key('0');
        said.push(labels() === whole);
        one('#chart svg').dispatchEvent(new page.defaultView.WheelEvent('wheel',
          { deltaY: -100, clientX: 300, bubbles: true, cancelable: true }));
        said.push(labels() !== whole);
        key('ArrowLeft');
        said.push(!one('.readout').hidden, all('.readout li').length);
        all('.chip')[1].focus();
        all('.chip')[1].click();
        said.push(all('.curve').length, page.activeElement.dataset.key);
        all('.board button')[1].click();
        said.push(all('.band').length, text('.detail h3'), all('.board button')[1].ariaPressed);
        return said.join(' | ');
        """)

      #expect(
        seen == "4 | 1 | true | true | true | true | true | 4 | 3 | "
          + "legend trader-00 | 1 | Name trader-01 | true")
    }

    @Test(arguments: [360, 1280])
    func noWidthScrollsSideways(width: Int) throws {
      let seen = try look(
        at: DashboardArena(traders: 12), width: width,
        """
        all('.board button')[2].click();
        await pause(50);
        return `${page.documentElement.scrollWidth - page.documentElement.clientWidth}`;
        """)

      #expect(seen == "0")
    }

    @Test func aNewGenerationIsShownAndOnlyWhatChangedTravels() throws {
      let old = DashboardArena(traders: 2)
      var new = old
      new.generation = 2
      new.files["leaderboard"] = ["leaderboard": [["id": "trader-00", "equity": 7_654.32]]]
      var files = try old.site(DashboardPage.render(), below: "a")
      files["a/data/manifest.json"] = [try old.manifest(), try old.manifest(), try new.manifest()]
      files["a/data/leaderboard.json"] = [
        try old.bytes(of: "leaderboard"), try old.bytes(of: "leaderboard"),
        try new.bytes(of: "leaderboard"),
      ]
      let site = try DashboardSite(files)

      let visit = try DashboardBrowser.visit("\(site.address)/a/", milliseconds: 40_000)

      #expect(visit.console == [])
      #expect(visit.document.contains("$7,654.32"))
      #expect(visit.document.contains("data-generation=\"2\""))
      // It tells no time: what came beside the manifest is asked for once more to be sure.
      #expect(site.asked.filter { $0 == "a/data/leaderboard.json" }.count == 3)
      #expect(site.asked.filter { $0 == "a/data/conversations.json" }.count == 1)
    }

    @Test func oldDataAndMissingFilesAreSaid() throws {
      var arena = DashboardArena(traders: 2, at: Int(Date().timeIntervalSince1970) - 7200)
      arena.files["trades"] = nil

      let seen = try look(at: arena, "return text('#notices') + text('#trades');")

      #expect(seen.contains("This data is 2 h old, while runs usually come every 3 min."))
      #expect(seen.contains("data/trades.json cannot be shown: this arena does not export such"))
      #expect(seen.contains("Synthetic market"))
    }

    @Test func openedAsAFileItSaysWhatIsWrong() throws {
      let file = FileManager.default.temporaryDirectory
        .appending(path: "nof0-\(UUID().uuidString).html")
      try Data(DashboardPage.render()).write(to: file)
      // A page left in the temporary folder does no harm.
      defer { try? FileManager.default.removeItem(at: file) }

      let visit = try DashboardBrowser.visit(file.absoluteString)

      #expect(visit.document.contains("This page was opened as a file"))
      #expect(visit.document.contains("data-state=\"failed\""))
    }

    /// What a script makes of the page once it is ready; the page must not complain.
    private func look(
      at arena: DashboardArena, width: Int = 1280, _ script: String
    ) throws -> String {
      var files = try arena.site(DashboardPage.render(), below: "a")
      files["stage.html"] = [stage("a/", width: width, script)]
      let site = try DashboardSite(files)
      let visit = try DashboardBrowser.visit("\(site.address)/stage.html")
      #expect(visit.console == [])
      let start = try #require(visit.document.range(of: "<output>"), "\(visit.document)")
      let end = try #require(visit.document.range(of: "</output>"))
      return String(visit.document[start.upperBound..<end.lowerBound])
        .replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">")
        .replacingOccurrences(of: "&amp;", with: "&")
    }

    /// A page that holds the dashboard in a frame, and acts on it from outside: the dashboard's
    /// own policy lets no script in.
    private func stage(_ address: String, width: Int = 1280, _ script: String) -> [UInt8] {
      Array(
        """
        <!doctype html><link rel="icon" href="data:,"><output></output>
        <iframe src="\(address)" width="\(width)" height="900" style="border:0"></iframe>
        <script>
        const pause = (ms) => new Promise((done) => setTimeout(done, ms));
        let page;
        const one = (query) => page.querySelector(query);
        const all = (query) => [...page.querySelectorAll(query)];
        const text = (query) => one(query).innerText;
        (async () => {
          do {
            await pause(20);
            page = document.querySelector("iframe").contentDocument;
          } while (!["ready", "failed"].includes(page?.body?.dataset.state));
          const act = async () => { \(script) };
          document.querySelector("output").textContent = await act();
        })();
        </script>
        """.utf8)
    }
  }
}
