import Foundation
import Testing

extension RehearsalSuite {
  /// The server configurations of the README, with the real servers where they are installed.
  @Suite("The README's web servers") struct ServingTests {
    /// A server that the README has a configuration for.
    enum WebServer: String, CaseIterable {
      case nginx
      case caddy

      /// The word after the fence of its block in the README.
      var fence: String { self == .nginx ? "nginx" : "caddyfile" }

      /// Where it is installed.
      ///
      /// `nil` = nowhere, or there is no curl to ask it with.
      var path: String? {
        let places = ["/usr/sbin/", "/usr/bin/"].map { $0 + rawValue }
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/curl") else { return nil }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
      }
    }

    private static func isMissing(_ server: WebServer) -> Bool { server.path == nil }

    @Test(
      .enabled(if: !isMissing(.nginx), "nginx and curl are not both installed"))
    func nginxServesWhatClientsAsk() throws { try serve(with: .nginx) }

    @Test(
      .enabled(if: !isMissing(.caddy), "caddy and curl are not both installed"))
    func caddyServesWhatClientsAsk() throws { try serve(with: .caddy) }

    private func serve(with server: WebServer) throws {
      let stage = try Rehearsal()
      #expect(try stage.cycle(at: "2026-02-03T04:00Z").code == 0)
      let block = try Self.block(server.fence)
        .replacingOccurrences(of: "/srv/nof0/out", with: stage.out.path)
      for needed in [stage.out.path, "8080"] { #expect(block.contains(needed)) }
      try block.write(
        to: stage.folder.appending(path: "block"), atomically: true, encoding: .utf8)
      try Self.frame.write(
        to: stage.folder.appending(path: "nginx.conf"), atomically: true, encoding: .utf8)

      let ending = try stage.shell(
        "server=\(try #require(server.path)) kind=\(server.rawValue)\n" + Self.script)

      #expect(ending.code == 0, "\(ending.out)\n\(ending.error)")
      #expect(ending.out.split(separator: "\n").map(String.init) == Self.answers)
    }

    /// The first block of the README after that fence.
    private static func block(_ fence: String) throws -> String {
      let readme = try String(
        contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)
      let rest = try #require(readme.range(of: "```\(fence)\n")).upperBound
      let end = try #require(readme.range(of: "\n```", range: rest..<readme.endIndex))
      return String(readme[rest..<end.lowerBound])
    }

    /// What nginx needs around a server block, without anything of the machine's own.
    private static let frame = """
      daemon off;
      pid nginx.pid;
      error_log stderr;
      events {}
      http {
        types { application/json json; text/html html; }
        access_log off;
        client_body_temp_path requests; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi; scgi_temp_path scgi;
        include block;
      }
      """

    /// What each question is answered with, one line each.
    private static let answers = [
      "account-totals 200 application/json", "trades 200 application/json",
      "analytics/momentum 200 application/json", "nonsense 404", "generations 404",
      "same bytes", "not modified 304", "no-cache nosniff",
    ]

    /// Starts the server on a free port, asks, and stops it.
    private static let script = #"""
      set -eu
      port=$(( 20000 + RANDOM % 20000 ))
      sed -i "s/8080/$port/" block
      export HOME=$PWD
      if [ "$kind" = nginx ]; then
        "$server" -p "$PWD" -e stderr -c nginx.conf & pid=$!
      else
        printf '{\n\tadmin off\n\tauto_https off\n}\n' | cat - block > Caddyfile
        "$server" run --config Caddyfile --adapter caddyfile & pid=$!
      fi
      trap 'kill $pid 2>/dev/null || true' EXIT
      base=http://127.0.0.1:$port
      curl -s -o /dev/null --retry 50 --retry-connrefused --retry-delay 1 --max-time 60 $base/
      for name in account-totals trades analytics/momentum; do
        echo "$name $(curl -s -o body -w '%{http_code} %{content_type}' "$base/api/$name?x=1")" |
          sed 's/;.*//'
      done
      echo "nonsense $(curl -s -o body -w '%{http_code}' $base/api/nonsense)"
      echo "generations $(curl -s -o body -w '%{http_code}' $base/.generations/1/trades.json)"
      curl -s -o body $base/api/trades && cmp body "$OUT/data/trades.json" && echo same bytes
      curl -s -D head -o body $base/api/trades
      tag=$(tr -d '\r' < head | sed -n 's/^[Ee][Tt]ag: //p')
      code=$(curl -s -o body -w '%{http_code}' -H "If-None-Match: $tag" $base/api/trades)
      echo "not modified $code"
      echo $(tr -d '\r' < head | grep -oiE 'no-cache|nosniff')
      """#
  }
}
