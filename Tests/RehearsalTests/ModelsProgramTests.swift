import Foundation
import ModelStandIn
import Testing

extension RehearsalSuite {
  @Suite("Programs and servers that decide")
  struct ModelsProgram {
    typealias Contestant = ModelsStage.Contestant

    @Test func aServerTradesAndItsBadAnswersHold() throws {
      let bad: [(id: String, turn: Turn, words: String)] = [
        ("hangs", Turn(.hang), "timed out after"),
        ("page", Turn(.page(status: 200)), "unparseable"),
        ("missing", Turn(.failure(status: 404, message: "no")), "status 404"),
        ("drops", Turn(.drop(.beforeAnswer)), "the connection broke"),
        ("prose", Turn.says("no idea"), "unparseable"),
        ("empty", Turn(.empty(status: 200)), "unparseable"),
      ]
      var script = ModelScript(parts: [
        "good": [Turn(.answer(Reply(.decision(.enter(coin: "ETH")))))]
      ])
      for failure in bad { script.parts[failure.id] = [failure.turn] }
      let stage = try ModelsStage(script)
      try stage.configure(
        (["good"] + bad.map(\.id)).map {
          Contestant(
            $0,
            executor: "{kind: http, base_url: \(stage.server.address(of: $0)), api_key: \"${KEY}\"}"
          )
        }, timeout: "2s")

      let report = try stage.cycle(environment: ["KEY": "sk-canary-http"])

      #expect(try report.decisions("good") == ["buy_to_enter ETH accepted"])
      #expect(try report.fills("good") == 1)
      for failure in bad {
        let said = try report.failure(failure.id)
        #expect(said.contains(failure.words), "\(failure.id): \(said)")
        #expect(stage.server.totals(of: failure.id).requests == 1)
      }
      let request = try #require(stage.server.requests.first { $0.part == "good" })
      #expect(request.format == .decision)
      #expect(request.header("Authorization") == "Bearer sk-canary-http")
      #expect(!report.text.contains("canary"))
      try stage.expectWhole()
    }

    /// Programs that fail, as shell scripts, and words of each failure's message.
    private static let failing: [(id: String, script: String, words: [String])] = [
      ("hangs", "sleep 600", ["timed out after"]),
      (
        "floods", "cat >/dev/null; yes one two three",
        ["wrote more than 1048576 bytes"]
      ),
      ("fails", "echo out of cheese >&2; exit 7", ["ended with status 7", "out of cheese"]),
      ("dies", "kill -9 $$", ["was ended by signal 9"]),
      ("garbage", "cat >/dev/null; echo 'no trade today'", ["unparseable"]),
      ("silent", "cat >/dev/null", ["unparseable"]),
      ("latin1", "printf '\\377\\376'", ["unparseable", "UTF-8"]),
    ]

    /// Buys the first candidate the document names, at its price.
    private static let trading = """
      import json, sys
      seen = json.load(sys.stdin)
      name = seen["candidates"][0]["coin"]
      coin = next(c for c in seen["market"]["coins"] if c["coin"] == name)
      price = float(coin["mid"])
      print(json.dumps({"decisions": [{"symbol": name, "signal": "buy_to_enter", "leverage": 1,
        "position_size_usd": 1000, "entry_price": price, "stop_loss": round(price * 0.98, 2),
        "take_profit": round(price * 1.06, 2), "confidence": 80, "reasoning": "first"}]}))
      """

    @Test(.enabled(if: Validator.hasPython))
    func aProgramTrades() throws {
      let stage = try ModelsStage()
      try stage.configure([])
      try stage.program("trade.py", Self.trading)
      try stage.configure([
        Contestant(
          "trades", executor: "{kind: command, command: [/usr/bin/env, python3, trade.py]}")
      ])

      let report = try stage.cycle()

      #expect(try report.failure("trades") == "")
      #expect(try report.decisions("trades").first?.hasSuffix(" accepted") == true)
      #expect(try report.fills("trades") == 1)
      try stage.expectWhole()
    }

    @Test func programsThatFailHold() throws {
      let stage = try ModelsStage()
      try stage.configure([])
      for failure in Self.failing {
        try stage.program("\(failure.id).sh", "#!/bin/sh\n\(failure.script)\n")
      }
      try stage.configure(
        Self.failing.map {
          Contestant($0.id, executor: "{kind: command, command: [./\($0.id).sh]}")
        }, timeout: "2s")

      let report = try stage.cycle()

      for failure in Self.failing {
        let said = try report.failure(failure.id)
        for words in failure.words { #expect(said.contains(words), "\(failure.id): \(said)") }
        #expect(try report.decisions(failure.id) == [])
      }
      try stage.expectWhole()
    }

    @Test func programsSeeAndLeaveNothing() throws {
      let stage = try ModelsStage()
      try stage.configure([])
      try stage.program("environment.sh", "#!/bin/sh\nenv >&2; exit 3\n")
      // One leaves a process behind that closes its output, one a process that keeps it open.
      for (name, output) in [("leaves", ">&- 2>&-"), ("keeps", "")] {
        try stage.program(
          "\(name).sh",
          "#!/bin/sh\nsleep 600 \(output) & echo $! > \(name).pid; echo '{\"decisions\":[]}'\n")
      }
      try stage.configure(
        [
          Contestant(
            "tells",
            executor: "{kind: command, command: [./environment.sh], pass_environment: [PASSED]}"),
          Contestant("leaves", executor: "{kind: command, command: [./leaves.sh]}"),
          Contestant("keeps", executor: "{kind: command, command: [./keeps.sh]}"),
        ], timeout: "2s")

      let report = try stage.cycle(environment: ["PASSED": "yes", "SECRET": "canary"])

      let seen = try report.failure("tells")
      for variable in ["PATH=", "LANG=C.UTF-8", "PASSED=yes"] { #expect(seen.contains(variable)) }
      for variable in ["SECRET", "NO_DOTENV", "HOME"] { #expect(!seen.contains(variable)) }
      #expect(try report.failure("leaves") == "")
      for name in ["leaves", "keeps"] {
        let pid = try #require(stage.pid(in: "\(name).pid"))
        #expect(!stage.isAlive(pid), "\(name): expected the grandchild \(pid) to be ended")
      }
      try stage.expectWhole()
    }

    @Test func termEndsTheProgramsToo() throws {
      let stage = try ModelsStage()
      try stage.configure([])
      try stage.program("hangs.sh", "#!/bin/sh\necho $$ > hangs.pid; sleep 600\n")
      try stage.configure(
        [Contestant("hangs", executor: "{kind: command, command: [./hangs.sh]}")],
        timeout: "39s")
      let run = try stage.stage.start(["run", "--at", ModelsStage.start, "--format", "json"])
      let end = ContinuousClock.now + ModelsStage.patience
      while stage.pid(in: "hangs.pid") == nil, ContinuousClock.now < end { usleep(2_000) }
      let pid = try #require(stage.pid(in: "hangs.pid"), "expected the program to begin")

      kill(run.process.processIdentifier, SIGTERM)
      let ending = try stage.finish(run, within: .seconds(10))

      #expect(ending.code == 0, "\(ending.error)")
      #expect(
        try ModelsReport(ending.out).failure("hangs") == "cut off by the end of the run")
      #expect(!stage.isAlive(pid))
      try stage.expectWhole()
    }

    @Test func aProgramThatIsGoneAtTheRunHolds() throws {
      let stage = try ModelsStage()
      try stage.configure([])
      // It may be executed, but what it is written for does not exist.
      try stage.program("lost.sh", "#!/nowhere/interpreter\n")
      try stage.configure([
        Contestant("lost", executor: "{kind: command, command: [./lost.sh]}")
      ])

      let report = try stage.cycle()

      #expect(try report.failure("lost").contains("cannot be started"))
      try stage.expectWhole()
      try FileManager.default.removeItem(at: stage.stage.config.appending(path: "lost.sh"))
      let ending = try stage.run(["run", "--at", "2025-01-01T00:03Z"])
      #expect(ending.code == 78)
      #expect(ending.error.contains("lost.sh"), "\(ending.error)")
    }
  }
}

extension ModelsStage {
  /// Writes a program beside the configuration.
  func program(_ name: String, _ text: String) throws {
    try write(name, text)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: stage.config.appending(path: name).path)
  }

  /// The process id that a program wrote into a file; `nil` = it has not yet.
  func pid(in file: String) -> Int32? {
    // A file that is not there says nothing.
    guard
      let text = try? String(contentsOf: stage.config.appending(path: file), encoding: .utf8)
    else { return nil }
    return text.hasSuffix("\n") ? Int32(text.dropLast()) : nil
  }

  /// Whether a process goes on; one that is dead and not yet collected does not.
  func isAlive(_ pid: Int32) -> Bool {
    // A process that is gone has no file.
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
      return false
    }
    return !stat.contains(") Z ") && !stat.contains(") X ")
  }
}
