import Arena
import ArgumentParser
import Trading

extension BacktestAnswers: ExpressibleByArgument {}
extension BacktestFill: ExpressibleByArgument {}
extension BacktestEngine: ExpressibleByArgument {}

/// The command `nof0 backtest`.
struct Backtest: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "backtest",
    abstract: "Run the traders over recorded candles, by the code of a run, and report.",
    discussion: """
      Decisions see what was known at the close of a bar and fill at the open of the next one, by \
      the rules of the simulated venue in exchange.yaml: spread, slippage, depth, fees, funding, \
      margin, liquidation. Stops and targets are tried on the finest candles there are. Nothing of \
      the state is changed.

      Examples:
        nof0 backtest --config config/examples/backtest --data candles
        nof0 backtest --data candles --from 2025-01-01 --to 2025-07-01 --trader ema-cross
        nof0 backtest --data candles --format json --output report.json --svg equity.svg
        nof0 backtest --data candles --export site      then serve site/ as the dashboard
        nof0 backtest --data candles --prove 50         does nothing look ahead?
        nof0 backtest --data candles --llm live         asks models what is not on record yet
      """)

  @OptionGroup var places: BacktestPlaceOptions
  @OptionGroup var scope: BacktestScopeOptions
  @OptionGroup var rules: BacktestRuleOptions
  @OptionGroup var outlets: BacktestOutletOptions

  func execute() async -> ExitStatus {
    var request = BacktestRequest(
      places: Places(config: places.config, state: places.state, out: ""),
      output: Output(
        format: outlets.format == .json ? .json : .text, logLevel: outlets.logLevel,
        isQuiet: outlets.quiet))
    request.directory = places.data
    request.answerPaths = places.answers
    scope.fill(&request)
    rules.fill(&request)
    outlets.fill(&request)
    return await ArenaBacktest.execute(request)
  }
}
