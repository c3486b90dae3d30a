import Glibc

/// Measures what the README states; run with `swift run -c release nof0-bench`.
///
/// The first argument names the `nof0` binary to time (`.build/release/nof0`), the second the
/// folder of the shipped configuration (`config`). Numbers mean something on an idle machine only.
@main
struct Bench {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    let binary = arguments.first ?? ".build/release/nof0"
    let config = arguments.dropFirst().first ?? "config"
    // First, while this process is small: a child's greatest memory counts what it is made from.
    if !CycleBench.run(binary: binary, config: config) {
      print("could not time \(binary); build it with swift build -c release")
      exit(1)
    }
    IndicatorBench.run()
    CatchUpBench.run()
  }
}

/// Prints a row: what, how much, which unit.
func report(_ what: String, _ value: Double, _ unit: String) {
  let padding = String(repeating: " ", count: max(1, 44 - what.count))
  let rounded = value >= 100 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
  print("\(what)\(padding)\(rounded) \(unit)")
}
