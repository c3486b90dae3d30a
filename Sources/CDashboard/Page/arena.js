// What the files say, put together: one value that all sections are drawn from.

const list = (value) => (Array.isArray(value) ? value : []);
const record = (value) => (value && typeof value === "object" && !Array.isArray(value) ? value : {});

/** What the reader chose; kept over refreshes. */
const choice = {
  trader: null,
  hidden: new Set(),
};

let arena = null;

/** Reads `feed.files` into `arena`. */
function gather() {
  const dashboard = record(feed.files.dashboard);
  const about = record(dashboard.arena);
  const board = list(feed.files.leaderboard?.leaderboard).filter((row) => row?.id);
  const performance = record(feed.files.performance);
  const told = list(dashboard.traders).filter((trader) => trader?.id);
  const benchmark = about.benchmark ?? null;

  const traders = new Map();
  const add = (id, more) => {
    if (id === benchmark || traders.has(id)) return;
    traders.set(id, { id, name: id, status: "", status_reason: "", ...more });
  };
  for (const trader of told) add(trader.id, { ...trader, name: trader.name || trader.id });
  for (const row of board) add(row.id, {});
  const ids = [...traders.keys()].sort();
  ids.forEach((id, index) => {
    const trader = traders.get(id);
    trader.tint = `t${index % 12}`;
    trader.shape = (index + Math.floor(index / 12)) % shapes.length;
    trader.isGone = trader.status === "removed";
  });

  for (const row of board) Object.assign(traders.get(row.id) ?? {}, { row });
  for (const entry of list(performance.traders)) {
    const trader = traders.get(entry?.id);
    if (!trader) continue;
    trader.metrics = record(entry.metrics);
    trader.statistics = entry.statistics ?? null;
    trader.calibration = list(entry.calibration);
  }
  for (const curve of list(dashboard.equity)) {
    const points = list(curve?.points).filter((p) => number(p?.[0]) !== null && number(p?.[1]) !== null);
    if (curve?.is_benchmark || curve?.id === benchmark) continue;
    if (traders.has(curve?.id)) traders.get(curve.id).points = points;
  }
  const market = list(dashboard.equity).find((curve) => curve?.is_benchmark || (benchmark && curve?.id === benchmark));
  for (const cost of list(dashboard.costs)) {
    const trader = traders.get(cost?.id);
    if (trader) trader.cost = (trader.cost ?? 0) + (number(cost.cost_usd) ?? 0);
  }

  const tiers = new Map();
  list(performance.tiers).forEach((ids, index) => list(ids).forEach((id) => tiers.set(id, index + 1)));
  const ranked = rank([...traders.values()], board, tiers);
  if (choice.trader && !traders.has(choice.trader)) choice.trader = null;

  arena = {
    about, traders, ranked, tiers, benchmark,
    period: performance.period ?? null,
    resamples: number(performance.resamples),
    pairs: list(performance.pairs),
    market: market ? {
      id: market.id, name: benchmarkName(market.id), isBenchmark: true, tint: "tb", shape: 0,
      points: list(market.points).filter((p) => number(p?.[0]) !== null && number(p?.[1]) !== null),
    } : null,
    isSynthetic: about.is_synthetic ?? feed.manifest?.is_synthetic ?? null,
    isSimulated: about.is_simulated ?? null,
  };
}

function benchmarkName(id) {
  const coin = /^buynhold_(.+)$/.exec(id)?.[1];
  return coin ? `Holding ${coin.toUpperCase()}` : id;
}

/** Traders as the leaderboard has them; those who left come last. */
function rank(traders, board, tiers) {
  const place = new Map(board.map((row, index) => [row.id, index]));
  const last = board.length;
  const order = (trader) => place.get(trader.id) ?? last;
  traders.sort((a, b) =>
    a.isGone - b.isGone || order(a) - order(b) || (a.id < b.id ? -1 : 1));
  let count = 0;
  for (const trader of traders) {
    trader.rank = trader.isGone ? null : (count += 1);
    trader.tier = tiers.get(trader.id) ?? null;
  }
  return traders;
}

/** A trader by id, or something that stands for one nobody told of. */
function traderOf(id) {
  return arena.traders.get(id)
    ?? { id, name: id === arena.benchmark ? benchmarkName(id) : id, tint: "tx", shape: 0, status: "" };
}

/** The equity of a trader: of the leaderboard, or else the last point of its curve. */
function equityOf(trader) {
  return number(trader.row?.equity) ?? number(trader.points?.at(-1)?.[1]);
}

/** The total return in per cent. */
function returnOf(trader) {
  const metrics = trader.metrics ?? {};
  const first = number(trader.points?.[0]?.[1]);
  return number(metrics.total_return_pct) ?? number(metrics.return_pct) ?? number(trader.row?.return_pct)
    ?? (first ? (equityOf(trader) / first - 1) * 100 : null);
}

/** The first of some figures that is known. */
function metric(trader, ...keys) {
  for (const key of keys) {
    const value = number(trader.metrics?.[key]);
    if (value !== null) return value;
  }
  return null;
}

/** Why a section is empty: the file's fault, or that there is nothing yet. */
function emptiness(file, text) {
  const fault = feed.faults[file];
  if (file in feed.files) return nothing(text);
  return nothing(fault ? `data/${file}.json cannot be shown: ${fault}.` : "Loading …");
}

/** A list to choose one trader from, or all. */
function traderChoice(id, label) {
  const select = el("select", {
    id, "data-key": id, "aria-label": label,
    onchange: (event) => choose(event.target.value || null),
  }, el("option", { value: "" }, "All traders"),
  arena.ranked.map((trader) => el("option", { value: trader.id }, plain(trader.name, 80))));
  select.value = choice.trader ?? "";
  return select;
}
