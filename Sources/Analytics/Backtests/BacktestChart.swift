import Trading

/// The curves of a back-test as a picture: returns above, falls from the peak below.
struct BacktestChart {
  private let report: BacktestReport
  private let lines: [Line]
  /// The market: its curve, or only the change at its end.
  private let market: (curve: BacktestCurves.Curve?, changePct: Double)?
  private let time: BacktestAxis
  private let value: BacktestAxis
  private let fall: BacktestAxis
  private let legendRows: Int

  /// One curve of the picture.
  private struct Line {
    let name: String
    let returnPct: Double?
    let style: String
    let curve: BacktestCurves.Curve
  }

  /// Curves shown at the most; those with the best returns.
  static let curvesShown = 10
  /// Bytes that all curves may take together; a point takes at most ``pointSize``.
  private static let curvesSize = 80_000
  private static let pointSize = 13
  private static let width = 960.0
  private static let (left, right) = (64.0, 944.0)
  private static let rowHeight = 20.0
  private static let legendWidth = 220.0
  /// About what a digit takes, in pixels.
  private static let letterWidth = 7.0
  private static let (paneHeight, fallHeight) = (300.0, 110.0)

  init(_ report: BacktestReport) {
    self.report = report
    lines = Self.lines(of: report)
    market = report.marketChangePct.map { (report.curves.market, $0) }
    let entries = lines.count + (market == nil ? 0 : 1)
    legendRows = max(1, (entries + 3) / 4)
    let times = (report.from?.ms ?? 0, report.to?.ms ?? 0)
    time = BacktestAxis(
      Double(times.0)...Double(times.1), from: Self.left, to: Self.right)
    var (low, high, deepest) = (0.0, 0.0, 0.0)
    for line in lines {
      low = min(low, line.curve.returns.min() ?? 0)
      high = max(high, line.curve.returns.max() ?? 0)
      deepest = min(deepest, line.curve.falls.min() ?? 0)
    }
    if let market {
      low = min(low, market.changePct / 100, market.curve?.returns.min() ?? 0)
      high = max(high, market.changePct / 100, market.curve?.returns.max() ?? 0)
    }
    let top = 58 + Double(legendRows) * Self.rowHeight
    value = BacktestAxis(100 * low...100 * high, from: top + Self.paneHeight, to: top)
    let below = top + Self.paneHeight + 34
    fall = BacktestAxis(100 * deepest...0, from: below + Self.fallHeight, to: below)
  }

  private static func lines(of report: BacktestReport) -> [Line] {
    let curves = Dictionary(
      zip(report.traders.compactMap(\.id), report.curves.traders), uniquingKeysWith: { $1 })
    let shown = report.ranked.prefix(curvesShown)
    let count = shown.count + (report.traders.count > 1 ? 1 : 0)
    // Of each stretch two points of the return and one of the fall.
    let stretches = curvesSize / (3 * pointSize * max(1, count + 1))
    var lines = shown.enumerated().compactMap { index, figures in
      figures.id.flatMap { curves[$0] }.map {
        Line(
          name: figures.id?.name ?? "", returnPct: figures.returnPct, style: "c\(index)",
          curve: $0.thinned(to: stretches))
      }
    }
    if report.traders.count > 1 {
      lines.append(
        Line(
          name: "all", returnPct: report.total.returnPct, style: "all",
          curve: report.curves.total.thinned(to: stretches)))
    }
    return lines
  }

  private var height: Double { fall.begin + 34 }

  /// The picture.
  var svg: String {
    var svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 \(Int(height))\" "
    svg += "width=\"960\" height=\"\(Int(height))\" role=\"img\" "
    svg += "font-family=\"system-ui,sans-serif\" font-size=\"12\">\n"
    svg += "<title>\(BacktestWords.xml(title))</title>\n<style>\n\(Self.style)</style>\n"
    svg += "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n"
    svg += text(title, x: 16, y: 26, "ink", "font-size=\"15\" font-weight=\"600\"")
    guard report.from != nil, !lines.isEmpty else {
      return svg + text("No cycles were run.", x: 16, y: 60, "dim") + "</svg>\n"
    }
    svg += legend + grid(value, "return, %") + grid(fall, "fall, %") + timeLabels
    svg += marketLine
    for line in lines {
      svg += path(line.curve.timesMs, line.curve.returns, value, "line \(line.style)")
    }
    for line in lines {
      svg += path(line.curve.fallTimesMs, line.curve.falls, fall, "line \(line.style)")
    }
    return svg + "</svg>\n"
  }

  private var title: String {
    guard let from = report.from, let to = report.to else { return "Back-test" }
    let end = report.isSynthetic ? ", made-up prices" : ""
    return "Back-test, \(BacktestWords.instant(from)) to \(BacktestWords.instant(to)) UTC\(end)"
  }

  private var legend: String {
    var entries = lines.map {
      (name: $0.name, text: BacktestWords.signedPct($0.returnPct), style: "line \($0.style)")
    }
    if let market {
      let name = market.curve == nil ? "market, at the end" : "market"
      entries.append((name, BacktestWords.signedPct(market.changePct), "line market"))
    }
    var legend = ""
    for (index, entry) in entries.enumerated() {
      let x = 16 + Double(index % 4) * (Self.legendWidth + 12)
      let y = 48 + Double(index / 4) * Self.rowHeight
      legend += "<path class=\"\(entry.style)\" d=\"M\(number(x)) \(number(y - 4))h20\"/>\n"
      let name = BacktestTable.cut(entry.name, to: 18)
      legend += text("\(name) \(entry.text)", x: x + 26, y: y, "ink")
    }
    let hidden = report.traders.count - Self.curvesShown
    guard hidden > 0 else { return legend }
    let words = "and \(hidden) trader\(hidden == 1 ? "" : "s") not drawn"
    return legend + text(words, x: Self.right, y: 26, "dim", "text-anchor=\"end\"")
  }

  private func grid(_ axis: BacktestAxis, _ name: String) -> String {
    let (ticks, decimals) = axis.ticks(about: axis.begin - axis.end > 200 ? 6 : 3)
    var grid = ""
    for tick in ticks {
      let y = axis(tick)
      let style = tick == 0 ? "zero" : "grid"
      grid += "<path class=\"\(style)\" d=\"M\(number(Self.left)) \(number(y))"
      grid += "H\(number(Self.right))\"/>\n"
      grid += text(
        BacktestAxis.text(tick, decimals: decimals), x: Self.left - 8, y: y + 4, "dim",
        "text-anchor=\"end\"")
    }
    return grid + text(name, x: Self.left, y: axis.end - 6, "dim")
  }

  private var timeLabels: String {
    var labels = ""
    // Where the words before end.
    var end = -Double.infinity
    for (at, words) in time.instants(about: 8) {
      let x = time(Double(at.ms))
      labels += "<path class=\"grid\" d=\"M\(number(x)) \(number(value.end))"
      labels +=
        "V\(number(value.begin))M\(number(x)) \(number(fall.end))V\(number(fall.begin))\"/>\n"
      // Words at the right edge end there; where they would cover others there are none.
      let isLast = x > Self.right - 30
      let width = Self.letterWidth * Double(words.utf8.count)
      let begin = min(x, Self.right) - (isLast ? width : width / 2)
      guard begin > end else { continue }
      end = begin + width
      labels += text(
        words, x: min(x, Self.right), y: fall.begin + 20, "dim",
        "text-anchor=\"\(isLast ? "end" : "middle")\"")
    }
    return labels
  }

  private var marketLine: String {
    guard let market else { return "" }
    guard let curve = market.curve else {
      let y = number(value(market.changePct))
      return
        "<path class=\"line market\" d=\"M\(number(Self.left)) \(y)H\(number(Self.right))\"/>\n"
    }
    let thin = curve.thinned(
      to: Self.curvesSize / (3 * Self.pointSize * (lines.count + 1)))
    return path(thin.timesMs, thin.returns, value, "line market")
  }

  private func path(
    _ timesMs: [Int64], _ fractions: [Double], _ axis: BacktestAxis, _ style: String
  ) -> String {
    guard !timesMs.isEmpty else { return "" }
    var path = "<path class=\"\(style)\" d=\"M"
    for (index, (ms, fraction)) in zip(timesMs, fractions).enumerated() {
      if index > 0 { path += index == 1 ? "L" : " " }
      path += "\(number(time(Double(ms)))) \(number(axis(100 * fraction)))"
    }
    return path + "\"/>\n"
  }

  private func text(
    _ words: String, x: Double, y: Double, _ style: String, _ more: String = ""
  ) -> String {
    let attributes = more.isEmpty ? "" : " " + more
    return "<text class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\"\(attributes)>"
      + BacktestWords.xml(words) + "</text>\n"
  }

  /// A place on the picture, to a tenth.
  private func number(_ place: Double) -> String {
    let tenths = Int64((min(max(place, -9999), 9999) * 10).rounded())
    let (whole, tenth) = (abs(tenths) / 10, abs(tenths) % 10)
    return (tenths < 0 ? "-" : "") + "\(whole)" + (tenth == 0 ? "" : ".\(tenth)")
  }

  /// Colours that can be told apart by most people, for a light and for a dark page.
  private static let colours: [(light: String, dark: String)] = [
    ("#0969da", "#58a6ff"), ("#bc4c00", "#ffa657"), ("#1a7f37", "#3fb950"),
    ("#bf3989", "#f778ba"), ("#8250df", "#bc8cff"), ("#7d4e00", "#e3b341"),
    ("#1b7c83", "#39c5cf"), ("#cf222e", "#ff7b72"), ("#4d7c0f", "#a5d66f"),
    ("#3b5bdb", "#91a7ff"),
  ]

  private static let style: String = {
    func colours(_ each: KeyPath<(light: String, dark: String), String>) -> String {
      Self.colours.enumerated().map { ".c\($0){stroke:\($1[keyPath: each])}" }.joined()
    }
    return """
      .line{fill:none;stroke-width:1.5;stroke-linejoin:round}.all{stroke-width:2.5}
      .market{stroke-dasharray:6 4}.grid,.zero{stroke-width:1;fill:none}
      .page{fill:#fff}.ink{fill:#1f2328}.dim{fill:#59636e}.grid{stroke:#e6eaef}
      .zero{stroke:#8c959f}.all{stroke:#1f2328}.market{stroke:#59636e}
      \(colours(\.light))
      @media (prefers-color-scheme:dark){
      .page{fill:#0d1117}.ink{fill:#e6edf3}.dim{fill:#9198a1}.grid{stroke:#21262d}
      .zero{stroke:#6e7681}.all{stroke:#f0f6fc}.market{stroke:#9198a1}
      \(colours(\.dark))
      }

      """
  }()
}

extension BacktestReport {
  /// The curves as a picture: returns of the traders with the market, and their falls.
  ///
  /// At most 100 KB; of many traders the ten with the best returns are drawn. It follows the
  /// light or dark page that it is shown on.
  package var svg: String { BacktestChart(self).svg }
}
