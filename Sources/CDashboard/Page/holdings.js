// What is held and what was closed: positions with their plans, exposure, trades.

function drawPositions() {
  const rows = [];
  for (const entry of list(feed.files.positions?.accountTotals)) {
    if (!entry || entry.model_id === arena.benchmark) continue;
    const trader = traderOf(entry.model_id);
    if (choice.trader && trader.id !== choice.trader) continue;
    for (const [coin, position] of Object.entries(record(entry.positions))) {
      if (number(position?.quantity)) rows.push({ trader, coin, position });
    }
  }
  const place = (trader) => arena.ranked.findIndex((one) => one.id === trader.id);
  rows.sort((a, b) => place(a.trader) - place(b.trader) || (a.coin < b.coin ? -1 : 1));
  const unrealized = rows.reduce((sum, row) => sum + (number(row.position.unrealized_pnl) ?? 0), 0);
  const note = byID("positions-note");
  fill(note, rows.length ? [`${rows.length} open, unrealised `, el("span", { class: tone(unrealized) }, usd(unrealized, 2, true))] : "",
    choice.trader ? onlyNote() : null);
  fill(byID("position-list"), rows.length ? positionTable(rows) : emptiness("positions",
    choice.trader ? "This trader holds nothing." : "No trader holds anything."));
  drawHeat();
}

function onlyNote() {
  return el("button", { type: "button", class: "quiet", "data-key": "positions all", onclick: () => choose(null) },
    `only ${shortened(traderOf(choice.trader).name, 24)} · show all`);
}

function positionTable(rows) {
  const heads = [["Trader", ""], ["Coin", ""], ["Size", "n"], ["Entry", "n"], ["Mark", "n"], ["Notional", "n"],
    ["Unrealised", "n"], ["Stop · entry · target", "plan"], ["Liquidation", "n"], ["Held", "n"]];
  let last = null;
  return el("table", { class: "cards" }, el("caption", { class: "sr" }, "Open positions with their exit plans"),
    el("thead", {}, el("tr", {}, heads.map(([text, style]) => el("th", { scope: "col", class: style }, text)))),
    el("tbody", {}, rows.map(({ trader, coin, position }) => {
      const isFirst = trader.id !== last;
      last = trader.id;
      const size = position.quantity;
      const mark = number(position.current_price);
      const plan = record(position.exit_plan);
      const worth = mark === null ? null : Math.abs(size) * mark;
      const since = number(position.entry_time);
      const at = (number(feed.manifest?.at_ms) ?? 0) / 1000;
      const gain = number(position.unrealized_pnl);
      return el("tr", { class: `${trader.tint}${isFirst ? " first" : ""}` },
        el("th", { scope: "row", class: isFirst ? "trader" : "trader repeated" }, badge(trader)),
        cell("", [el("b", {}, words(coin, 24)), " ", sideMark(size), number(position.leverage) === null ? null
          : el("small", { title: "Leverage" }, ` ${decimal(position.leverage, position.leverage % 1 ? 1 : 0)}×`)], ""),
        cell("Size", quantity(Math.abs(size))),
        cell("Entry", quantity(position.entry_price)), cell("Mark", quantity(mark)), cell("Notional", usd(worth, 0)),
        cell("Unrealised", el("span", { class: tone(gain) }, usd(gain, 2, true))),
        el("td", { class: "plan", "data-label": "Plan" }, planPicture(position, plan),
          plan.invalidation_condition ? el("small", { class: "reason", title: `Void when: ${plain(plan.invalidation_condition, 600)}` }, words(plan.invalidation_condition, 400)) : null),
        cell("Liquidation", number(position.liquidation_price) > 0 ? quantity(position.liquidation_price) : none),
        cell("Held", since && at ? span(at - since) : none));
    })));
}

function sideMark(size) {
  return el("span", { class: `side ${size > 0 ? "long" : "short"}` }, size > 0 ? "long" : "short");
}

/** Stop, entry, mark and target on one line; the way to profit always leads right. */
function planPicture(position, plan) {
  const [stop, target] = [number(plan.stop_loss), number(plan.profit_target)];
  const [entry, mark] = [number(position.entry_price), number(position.current_price)];
  if (entry === null || mark === null || (stop === null && target === null)) {
    return el("span", { class: "faint" }, "no stop, no target");
  }
  const way = position.quantity > 0 ? 1 : -1;
  const known = [stop, target, entry, mark].filter((price) => price !== null).map((price) => price * way);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (price) => 4 + ((price * way - low) / (high - low || 1)) * 152;
  const text = `stop ${quantity(stop)}, entry ${quantity(entry)}, mark ${quantity(mark)}, target ${quantity(target)}`;
  const gain = (mark - entry) * way;
  return [svg("svg", { class: "track", viewBox: "0 0 160 14", role: "img", "aria-label": text },
    svg("line", { class: "rail", x1: 4, x2: 156, y1: 7, y2: 7 }),
    svg("line", { class: `way ${tone(gain)}`, x1: x(entry), x2: x(mark), y1: 7, y2: 7 }),
    stop === null ? null : svg("path", { class: "stop", d: `M${x(stop)} 2v10` }),
    target === null ? null : svg("path", { class: "target", d: `M${x(target)} 2v10` }),
    svg("path", { class: "entry", d: `M${x(entry)} 4v6` }),
    svg("circle", { class: `mark ${tone(gain)}`, cx: x(mark), cy: 7, r: 3.4 })),
  el("span", { class: "ends-text" }, el("span", {}, stop === null ? "no stop" : quantity(stop)),
    el("span", {}, target === null ? "no target" : quantity(target)))];
}

/** Signed notional of each trader and coin, per cent of equity: blue is long, orange is short. */
function drawHeat() {
  const entries = list(feed.files.dashboard?.heat_map)
    .filter((entry) => entry?.id && entry.id !== arena.benchmark && Object.keys(record(entry.coins)).length > 0);
  if (entries.length === 0) {
    fill(byID("heat"), emptiness("dashboard", "No exposure."));
    return;
  }
  const coins = [...new Set(entries.flatMap((entry) => Object.keys(record(entry.coins))))].sort();
  const ranked = new Map(arena.ranked.map((trader, index) => [trader.id, index]));
  entries.sort((a, b) => (ranked.get(a.id) ?? 99) - (ranked.get(b.id) ?? 99));
  const most = Math.max(1, ...entries.flatMap((entry) => Object.values(entry.coins).map((v) => Math.abs(number(v) ?? 0))));
  const tile = (value, isSum = false) => {
    const known = number(value);
    if (!known) return el("td", { class: "n faint" }, "·");
    const node = el("td", { class: `n heat ${known > 0 ? "long" : "short"}${isSum ? " sum" : ""}` }, decimal(known, 1, true));
    if (!isSum) node.style.setProperty("--share", `${Math.round(8 + (Math.abs(known) / most) * 40)}%`);
    return node;
  };
  fill(byID("heat"), el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Exposure table" },
    el("table", { class: "heatmap" }, el("caption", { class: "sr" }, "Signed notional in per cent of equity"),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Trader"), coins.map((coin) => el("th", { scope: "col", class: "n" }, words(coin, 12))), el("th", { scope: "col", class: "n" }, "Net"))),
      el("tbody", {}, entries.map((entry) => el("tr", {}, el("th", { scope: "row" }, badge(traderOf(entry.id))),
        coins.map((coin) => tile(entry.coins[coin])),
        tile(Object.values(entry.coins).reduce((sum, v) => sum + (number(v) ?? 0), 0), true)))))));
}

const tradeColumns = [
  { key: "exit_time", text: "Closed", style: "", value: (t) => number(t.exit_time), show: (t) => time(t.exit_time) },
  { key: "model_id", text: "Trader", style: "", value: (t) => traderOf(t.model_id).name, show: (t) => badge(traderOf(t.model_id)) },
  { key: "symbol", text: "Coin", style: "", value: (t) => plain(t.symbol, 24), show: (t) => [el("b", {}, words(t.symbol, 24)), " ", sideMark(number(t.quantity) ?? (t.side === "short" ? -1 : 1))] },
  { key: "notional", text: "Notional", style: "n", value: (t) => Math.abs(t.quantity * t.entry_price), show: (t) => usd(Math.abs(t.quantity * t.entry_price), 0) },
  { key: "entry_price", text: "Entry", style: "n", value: (t) => number(t.entry_price), show: (t) => quantity(t.entry_price) },
  { key: "exit_price", text: "Exit", style: "n", value: (t) => number(t.exit_price), show: (t) => quantity(t.exit_price) },
  { key: "held", text: "Held", style: "n", value: (t) => t.exit_time - t.entry_time, show: (t) => span(t.exit_time - t.entry_time) },
  { key: "total_commission_dollars", text: "Fees", style: "n", value: (t) => number(t.total_commission_dollars), show: (t) => usd(t.total_commission_dollars) },
  { key: "realized_net_pnl", text: "Net P&L", style: "n", value: (t) => number(t.realized_net_pnl), show: (t) => el("span", { class: tone(t.realized_net_pnl) }, usd(t.realized_net_pnl, 2, true)) },
];
const tradeView = { key: "exit_time", isDown: true, count: 25 };

function drawTrades() {
  const all = list(feed.files.trades?.trades).filter((trade) => trade && (!choice.trader || trade.model_id === choice.trader));
  fill(byID("trade-tools"), all.length || choice.trader ? traderChoice("trade-trader", "Trades of which trader") : null);
  if (all.length === 0) {
    fill(byID("trade-list"), emptiness("trades", choice.trader ? "This trader has closed nothing yet." : "No trade has been closed yet."));
    return;
  }
  const column = tradeColumns.find((one) => one.key === tradeView.key);
  const order = (a, b) => {
    const [p, q] = [column.value(a), column.value(b)];
    return p === q ? 0 : p === null || q === null ? (p === null ? 1 : -1) : (p < q ? -1 : 1) * (tradeView.isDown ? -1 : 1);
  };
  const rows = [...all].sort(order).slice(0, tradeView.count);
  const net = all.reduce((sum, trade) => sum + (number(trade.realized_net_pnl) ?? 0), 0);
  fill(byID("trade-list"), el("table", { class: "cards" },
    el("caption", { class: "sr" }, "Closed trades; the heads sort"),
    el("thead", {}, el("tr", {}, tradeColumns.map((one) => el("th", {
      scope: "col", class: one.style, "aria-sort": one === column ? (tradeView.isDown ? "descending" : "ascending") : null,
    }, el("button", { type: "button", class: "plain sort", "data-key": `sort ${one.key}`, onclick: () => sortTrades(one.key) }, one.text))))),
    el("tbody", {}, rows.map((trade) => el("tr", {}, tradeColumns.map((one) => cell(one.text, one.show(trade), one.style)))))),
  el("div", { class: "more" },
    el("p", {}, `${rows.length} of the ${all.length} newest trades, net `, el("span", { class: tone(net) }, usd(net, 2, true))),
    all.length > rows.length ? el("button", {
      type: "button", "data-key": "trades more", onclick: () => { tradeView.count += 100; drawTrades(); },
    }, "Show more") : null));
}

function sortTrades(key) {
  tradeView.isDown = tradeView.key === key ? !tradeView.isDown : key !== "model_id" && key !== "symbol";
  tradeView.key = key;
  drawTrades();
}
