import ArgumentParser

/// Whether a command that sends orders may send real ones.
struct LiveOption: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Send real orders.",
      discussion: """
        Needed besides live: true in exchange.yaml where a trader is on a real venue; without \
        both nothing is done.
        """))
  var live = false
}
