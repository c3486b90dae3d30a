// The leaderboard with its intervals, and everything known of the chosen trader.

function drawFigures() {
  const present = arena.ranked.filter((trader) => !trader.isGone);
  const worths = present.map(equityOf).filter((value) => value !== null);
  const leader = present[0];
  const open = list(feed.files.alerts?.alerts).filter((alert) => alert && !number(alert.resolved_at));
  const costs = list(feed.files.dashboard?.costs);
  const cost = costs.reduce((sum, entry) => sum + (number(entry?.cost_usd) ?? 0), 0);
  const today = costs.reduce((sum, entry) => sum + (number(entry?.cost_today_usd) ?? 0), 0);
  const best = leader ? returnOf(leader) : null;
  const item = (name, value, under) => el("div", {},
    el("dt", {}, name), el("dd", {}, value, under ? el("small", {}, under) : null));
  fill(byID("figures"),
    item("Equity of all traders", worths.length ? usd(worths.reduce((a, b) => a + b, 0), 0) : none,
      arena.about.nav_base ? `quoted on ${usd(arena.about.nav_base, 0)} each` : null),
    item("Leading", leader ? badge(leader) : none,
      leader ? el("span", { class: tone(best) }, percent(best, 2, true)) : null),
    item("Traders", String(present.filter((t) => t.status === "running" || t.status === "").length),
      present.length ? standing(present) : null),
    item("Open alerts", "alerts" in feed.files ? String(open.length) : none,
      open.some((a) => a.severity === "high") ? el("span", { class: "loss" }, "some of them high") : null),
    item("Model cost", costs.length ? usd(cost) : none, costs.length ? `${usd(today)} today` : null));
}

function standing(traders) {
  const parts = ["paused", "isolated", "stopped"].map((status) =>
    [status, traders.filter((trader) => trader.status === status).length]);
  const text = parts.filter(([, count]) => count > 0).map(([status, count]) => `${count} ${status}`);
  return text.length ? text.join(", ") : "running";
}

function drawLeaderboard() {
  const note = byID("leaderboard-note");
  const sure = arena.ranked.some((trader) => trader.statistics);
  note.textContent = sure
    ? `95 % intervals from ${short(arena.resamples)} resamples of ${arena.period === "hour" ? "hourly" : "daily"} returns`
    : "Too early for intervals: they need more returns.";
  note.hidden = arena.ranked.length === 0;
  drawFigures();
  if (arena.ranked.length === 0) {
    fill(byID("board"), emptiness("leaderboard",
      "No trader yet. Traders appear here with the first run that has one."));
    fill(byID("detail"));
    return;
  }
  const scales = {
    returns: intervalScale(arena.ranked, returnOf, (s) => s?.return_pct),
    sharpe: intervalScale(arena.ranked, sharpeOf, (s) => s?.sharpe),
  };
  const heads = [
    ["Rank", "n"], ["Trader", ""], ["Equity", "n"], ["Return, 95 %", "n wide-cell"], ["Sharpe, 95 %", "n wide-cell"],
    ["Drawdown", "n"], ["Trades", "n"], ["Wins", "n"], ["PSR", "n"], ["Luck", "n"], ["Cost", "n"],
  ];
  const rows = [];
  let tier;
  for (const trader of arena.ranked) {
    const group = trader.isGone ? "gone" : trader.tier;
    if (group !== tier && (group !== null || tier !== undefined) && (arena.tiers.size || group === "gone")) {
      rows.push(el("tr", { class: "tier" }, el("th", { colspan: heads.length, scope: "colgroup" }, tierName(group))));
    }
    tier = group;
    rows.push(boardRow(trader, scales));
  }
  fill(byID("board"), el("table", { class: "board cards" },
    el("caption", { class: "sr" }, "Traders by equity. The buttons choose a trader for the sections below."),
    el("thead", {}, el("tr", {}, heads.map(([text, style]) => el("th", { scope: "col", class: style }, text)))),
    el("tbody", {}, rows)));
  drawDetail();
}

function tierName(group) {
  if (group === "gone") return "Left the arena";
  if (group === null) return "Not placed yet";
  const count = [...arena.tiers.values()].filter((tier) => tier === group).length;
  return [`Tier ${group}`, el("span", {}, count > 1 ? `${count} traders, not distinguishable` : "")];
}

const sharpeOf = (trader) => metric(trader, "sharpe", "sharpe_ratio");

function intervalScale(traders, value, interval) {
  let [low, high] = [0, 0];
  const take = (at) => {
    if (number(at) !== null) [low, high] = [Math.min(low, at), Math.max(high, at)];
  };
  const ends = traders.flatMap((trader) => list(interval(trader.statistics))).filter((at) => number(at) !== null);
  traders.forEach((trader) => take(value(trader)));
  // One interval that is wider than all others together must not flatten them.
  const sizes = ends.map(Math.abs).sort((a, b) => a - b);
  const most = Math.max(3 * (high - low), 4 * (sizes[Math.floor(sizes.length / 2)] ?? 0));
  ends.forEach((at) => take(Math.max(-most, Math.min(most, at))));
  const room = (high - low) * 0.04 || 1;
  return { low: low - room, high: high + room };
}

/** Dot and whisker on a scale that all rows share, with the zero line. */
function whisker(value, interval, scale, text) {
  const width = 120;
  const share = (at) => (at - scale.low) / (scale.high - scale.low);
  const x = (at) => Math.max(0, Math.min(1, share(at))) * width;
  const [low, high] = list(interval);
  const parts = [svg("line", { class: "zero", x1: x(0), x2: x(0), y1: 0, y2: 16 })];
  if (number(low) !== null && number(high) !== null) {
    parts.push(svg("rect", { class: "whisker", x: x(low), width: Math.max(1, x(high) - x(low)), y: 6, height: 4, rx: 2 }));
  }
  if (number(value) !== null) {
    parts.push(svg("circle", { class: `dot ${tone(value)}`, cx: x(value), cy: 8, r: 3.6 }));
  }
  return svg("svg", { class: "interval", viewBox: `0 0 ${width} 16`, role: "img", "aria-label": text }, parts);
}

function intervalText(interval, digits, unit = "") {
  const [low, high] = list(interval);
  if (number(low) === null || number(high) === null) return "interval not known yet";
  return `${decimal(low, digits, true)} to ${decimal(high, digits, true)}${unit}`;
}

function cell(label, content, style = "n") {
  return el("td", { class: style, "data-label": label }, content);
}

function boardRow(trader, scales) {
  const row = trader.row ?? {};
  const told = trader.statistics ?? {};
  const [gain, sharpe] = [returnOf(trader), sharpeOf(trader)];
  const isChosen = choice.trader === trader.id;
  const wins = metric(trader, "win_rate_pct", "win_rate")
    ?? (row.num_trades ? (row.num_wins / row.num_trades) * 100 : null);
  const rank = list(told.rank);
  const between = rank.length === 2 ? `${decimal(rank[0], 0)}–${decimal(rank[1], 0)}` : null;
  const gainText = intervalText(told.return_pct, 1, " %");
  const sharpeText = intervalText(told.sharpe, 2);
  const drawdown = metric(trader, "max_drawdown_pct", "max_drawdown");
  const chance = (value) => (number(value) === null ? none : percent(value * 100, 0));
  return el("tr", {
    class: `${trader.tint}${isChosen ? " chosen" : ""}${trader.isGone ? " gone" : ""}`,
    onclick: (event) => event.target.closest("button") || toggle(trader.id),
    onpointerenter: () => chart.emphasise(trader.id), onpointerleave: () => chart.emphasise(null),
  },
  cell("Rank", [trader.rank === null ? none : String(trader.rank),
    between && rank[0] !== rank[1] ? el("small", { title: "95 % interval of the rank" }, between) : null], "n rank"),
  el("th", { scope: "row", class: "trader" },
    el("button", {
      type: "button", class: "plain", "data-key": `board ${trader.id}`,
      "aria-pressed": String(isChosen), onclick: () => toggle(trader.id),
    }, badge(trader)),
    statusMark(trader)),
  cell("Equity", usd(equityOf(trader))),
  cell("Return", [el("span", { class: `value ${tone(gain)}`, title: gainText }, percent(gain, 2, true)),
    whisker(gain, told.return_pct, scales.returns, `Return ${percent(gain, 2, true)}, ${gainText}`)], "n wide-cell"),
  cell("Sharpe", [el("span", { class: "value", title: sharpeText }, decimal(sharpe, 2, true)),
    whisker(sharpe, told.sharpe, scales.sharpe, `Sharpe ratio ${decimal(sharpe, 2, true)}, ${sharpeText}`)], "n wide-cell"),
  cell("Drawdown", drawdown === null ? none : percent(Math.abs(drawdown), 1)),
  cell("Trades", decimal(row.num_trades ?? metric(trader, "trades", "num_trades"), 0)),
  cell("Wins", percent(wins, 0)),
  cell("PSR", chance(told.psr)),
  cell("Luck", number(told.luck_percentile) === null ? none : decimal(told.luck_percentile, 0)),
  cell("Cost", trader.cost === undefined ? none : usd(trader.cost)));
}

function statusMark(trader) {
  const parts = [];
  if (trader.mode === "live") parts.push(el("span", { class: "tag live" }, "real money"));
  if (trader.status && trader.status !== "running") {
    parts.push(el("span", { class: `tag ${plain(trader.status, 20)}` }, plain(trader.status, 20)));
    if (trader.status_reason) parts.push(el("small", { class: "reason", title: plain(trader.status_reason, 400) }, words(trader.status_reason, 300)));
  }
  return parts;
}

function toggle(id) {
  choose(choice.trader === id ? null : id);
}

function drawDetail() {
  const trader = arena.traders.get(choice.trader);
  if (!trader) {
    fill(byID("detail"));
    return;
  }
  const told = trader.statistics;
  const facts = told ? [
    ["Return", intervalText(told.return_pct, 1, " %")],
    ["Sharpe ratio", intervalText(told.sharpe, 2)],
    ["Rank", list(told.rank).map((end) => decimal(end, 0)).join(" to ")],
    ["Chance to be the best", number(told.probability_best) === null ? none : percent(told.probability_best * 100, 0)],
    ["PSR", number(told.psr) === null ? none : percent(told.psr * 100, 1)],
    ["Deflated Sharpe (DSR)", number(told.dsr) === null ? none : percent(told.dsr * 100, 1)],
    ["Record needed", number(told.minimum_track_days) === null ? none : `${decimal(told.minimum_track_days, 0)} d`],
    ["Days still needed", number(told.days_still_needed) === null ? none : decimal(told.days_still_needed, 0)],
    ["Returns seen", decimal(told.periods, 0)],
  ] : [];
  const metrics = Object.keys(trader.metrics ?? {}).sort();
  const unknown = metrics.filter((key) => number(trader.metrics[key]) === null);
  fill(byID("detail"), el("article", { class: `card detail ${trader.tint}`, "aria-label": `About ${plain(trader.name, 80)}` },
    el("div", { class: "head" }, el("h3", {}, badge(trader)),
      el("p", { class: "note" }, [trader.executor, trader.mode, trader.status].filter(Boolean).map((t) => plain(t, 60)).join(" · ")),
      el("button", { type: "button", class: "quiet", "data-key": "detail close", onclick: () => choose(null) }, "Close")),
    facts.length ? el("h4", {}, "How sure, 95 %") : null,
    facts.length ? pairsOf(facts) : nothing("Too early to say how sure these figures are."),
    figureGroups.map(([name, fits]) => {
      const keys = metrics.filter((key) => number(trader.metrics[key]) !== null && groupOf(key) === fits);
      return keys.length ? [el("h4", {}, name), pairsOf(keys.map((key) => [title(key), figure(key, trader.metrics[key])]))] : null;
    }),
    unknown.length ? el("p", { class: "note undefined" }, `Not defined yet: ${unknown.map(title).join(", ")}.`) : null,
    el("div", { class: "halves" }, rivals(trader), calibration(trader))));
}

/** Figures are an open list; a new one that fits nowhere stands with the trades. */
const figureGroups = [
  ["Worth", /^(nav|equity|total_return|annualised|cagr|volatility|sharpe|sortino|calmar|max_drawdown|drawdown|return_days|days|best_day|worst_day|age|exposure|margin)/],
  ["Decisions", /^(turns|turn_break|failed|decisions|entries|rejected|clamped|action|hold_share|long_share|calibrated|brier|stated|target_hit|overconfidence|realised_risk|average_r$|invalidation|hit_rate)/],
  ["Cost of trading", /^(gross|net|fee|funding|turnover|fills|taker|slippage)/],
  ["Trades", null],
];

const groupOf = (key) => figureGroups.find(([, fits]) => fits === null || fits.test(key))[1];

function pairsOf(entries) {
  return el("dl", { class: "pairs" }, entries.map(([name, value]) =>
    el("div", {}, el("dt", {}, plain(name, 60)), el("dd", {}, value))));
}

function rivals(trader) {
  const rows = arena.pairs.filter((pair) => pair?.first === trader.id || pair?.second === trader.id)
    .map((pair) => {
      const isFirst = pair.first === trader.id;
      const mean = number(pair.mean_difference_pct);
      return { other: traderOf(isFirst ? pair.second : pair.first), mean: mean === null ? null : isFirst ? mean : -mean, p: number(pair.p_holm) };
    }).sort((a, b) => (b.mean ?? 0) - (a.mean ?? 0));
  if (rows.length === 0) return null;
  return el("div", {}, el("h4", {}, "Against the others"), el("table", { class: "small" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Trader"),
      el("th", { scope: "col", class: "n" }, arena.period === "hour" ? "an hour" : "a day"),
      el("th", { scope: "col", class: "n" }, "p, Holm"), el("th", { scope: "col" }, ""))),
    el("tbody", {}, rows.map((row) => el("tr", {}, el("td", {}, badge(row.other)),
      el("td", { class: `n ${tone(row.mean)}` }, percent(row.mean, 3, true)),
      el("td", { class: "n" }, row.p === null ? none : row.p < 0.001 ? "< 0.001" : decimal(row.p, 3)),
      el("td", {}, row.p !== null && row.p <= 0.05 ? (row.mean > 0 ? "better" : "worse") : el("span", { class: "faint" }, "not distinguishable")))))));
}

/** Stated confidence against what came true; on the diagonal, words are worth their numbers. */
function calibration(trader) {
  const bins = list(trader.calibration).filter((bin) =>
    number(bin?.count) > 0 && number(bin?.hit_rate) !== null && number(bin?.mean_confidence) !== null);
  if (bins.length === 0) return null;
  const most = Math.max(...bins.map((bin) => bin.count));
  const at = (share) => 26 + share * 164;
  const text = bins.map((bin) => `stated ${percent(bin.mean_confidence * 100, 0)}, came true ${percent(bin.hit_rate * 100, 0)} of ${bin.count}`);
  return el("div", {}, el("h4", {}, "Stated confidence against what came true"),
    svg("svg", { class: "calibration", viewBox: "0 0 210 216", role: "img", "aria-label": text.join("; ") },
      [0, 0.5, 1].map((share) => [
        svg("line", { class: "grid", x1: at(0), x2: at(1), y1: at(1 - share) - 16, y2: at(1 - share) - 16 }),
        svg("text", { x: 22, y: at(1 - share) - 12.5, "text-anchor": "end" }, `${share * 100}`),
        svg("text", { x: at(share), y: 188, "text-anchor": "middle" }, `${share * 100}`)]),
      svg("line", { class: "diagonal", x1: at(0), y1: at(1) - 16, x2: at(1), y2: at(0) - 16 }),
      bins.map((bin, index) => svg("circle", {
        class: "mark", cx: at(bin.mean_confidence), cy: at(1 - bin.hit_rate) - 16, r: 3 + 5 * Math.sqrt(bin.count / most),
      }, svg("title", {}, text[index]))),
      svg("text", { x: at(0.5), y: 206, "text-anchor": "middle" }, "stated, %")));
}
