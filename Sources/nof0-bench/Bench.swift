import Glibc

/// Measures what the README states; run with `swift run -c release nof0-bench`.
@main
struct Bench {
  static func main() {
    let binary = CommandLine.arguments.dropFirst().first ?? ".build/release/nof0"
    print("process start to exit of \(binary) --help")
    let timings = (0..<20).compactMap { _ in ProcessTiming.measure(binary, ["--help"]) }
    guard let wall = Summary(timings.map(\.wallMs)) else {
      print("could not run \(binary); build it with swift build -c release")
      exit(1)
    }
    print("  wall ms: least \(wall.least), median \(wall.median), greatest \(wall.greatest)")
  }
}
