// How traders behave: what their trades brought, and how often they decide.

function drawBehaviour() {
  drawDistribution();
  drawFrequency();
}

function drawDistribution() {
  const entries = list(feed.files.dashboard?.pnl_distribution)
    .filter((entry) => arena.traders.has(entry?.id) && list(entry.counts).some((count) => count > 0) && list(entry.edges).length === entry.counts.length + 1)
    .sort((a, b) => arena.ranked.indexOf(traderOf(a.id)) - arena.ranked.indexOf(traderOf(b.id)));
  if (entries.length === 0) {
    fill(byID("distribution"), el("div", { class: "card" }, emptiness("dashboard", "No trade has been closed yet.")));
    return;
  }
  // One scale for all, so that the pictures can be compared.
  const low = Math.min(0, ...entries.map((entry) => entry.edges[0]));
  const high = Math.max(0, ...entries.map((entry) => entry.edges.at(-1)));
  fill(byID("distribution"), entries.map((entry) => histogram(entry, low, high)));
}

function histogram({ id, edges, counts }, low, high) {
  const trader = traderOf(id);
  const [width, height] = [220, 74];
  const most = Math.max(...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const x = (value) => ((value - low) / (high - low || 1)) * width;
  const bars = counts.map((count, index) => {
    if (!count) return null;
    const [from, to] = [edges[index], edges[index + 1]];
    const tall = Math.max(2, (count / most) * (height - 4));
    const style = (from + to) / 2 >= 0 ? "gain" : "loss";
    return svg("rect", { class: `bar ${style}`, x: x(from), width: Math.max(1.2, x(to) - x(from) - 0.8), y: height - tall, height: tall },
      svg("title", {}, `${count} from ${usd(from, 0)} to ${usd(to, 0)}`));
  });
  return el("figure", { class: `card${choice.trader && choice.trader !== id ? " behind" : ""}` },
    el("figcaption", {}, badge(trader), el("span", { class: "note" }, `${total} trades`)),
    svg("svg", { viewBox: `0 0 ${width} ${height + 14}`, role: "img", "aria-label": `${plain(trader.name, 80)}: ${total} trades between ${usd(edges[0], 0)} and ${usd(edges.at(-1), 0)}` },
      bars, svg("line", { class: "rail", x1: 0, x2: width, y1: height + 0.5, y2: height + 0.5 }),
      svg("line", { class: "zero", x1: x(0), x2: x(0), y1: 0, y2: height + 4 }),
      svg("text", { x: 0, y: height + 12 }, usd(low, 0)), svg("text", { x: width, y: height + 12, "text-anchor": "end" }, usd(high, 0))));
}

/** A row of hours for each trader: dark = many decisions, a dot above = an entry, red = refused. */
function drawFrequency() {
  const entries = list(feed.files.dashboard?.decisions)
    .filter((entry) => arena.traders.has(entry?.id) && list(entry.hours).length > 0)
    .sort((a, b) => arena.ranked.indexOf(traderOf(a.id)) - arena.ranked.indexOf(traderOf(b.id)));
  if (entries.length === 0) {
    fill(byID("frequency"), emptiness("dashboard", "No trader has decided anything yet."));
    return;
  }
  const end = Math.max(...entries.map((entry) => number(entry.hours.at(-1)?.[0]) ?? 0));
  const start = Math.max(Math.min(...entries.map((entry) => number(entry.hours[0]?.[0]) ?? end)), end - 167 * 3600);
  const hours = Math.max(24, (end - start) / 3600 + 1);
  const most = Math.max(1, ...entries.flatMap((entry) => entry.hours.map((hour) => number(hour[1]) ?? 0)));
  const rows = entries.map((entry) => frequencyRow(entry, end - (hours - 1) * 3600, hours, most));
  fill(byID("frequency"), el("ul", { class: "frequency" }, rows),
    el("p", { class: "hint" }, `Height: decisions an hour, at most ${most}. Marks above: an entry. Marks below: refused by a rule. From ${moment(end - (hours - 1) * 3600)} to ${moment(end + 3600)}.`));
}

function frequencyRow(entry, start, hours, most) {
  const trader = traderOf(entry.id);
  const sums = [0, 0, 0];
  let [bars, entries, refusals] = ["", "", ""];
  for (const hour of entry.hours) {
    const at = (hour[0] - start) / 3600;
    if (!(at >= 0)) continue;
    [1, 2, 3].forEach((index) => { sums[index - 1] += number(hour[index]) ?? 0; });
    const tall = ((number(hour[1]) ?? 0) / most) * 18;
    if (tall > 0) bars += `M${at + 0.08} 23v${-tall}h.84v${tall}z`;
    if (hour[2] > 0) entries += `M${at + 0.08} 0h.84v3h-.84z`;
    if (hour[3] > 0) refusals += `M${at + 0.08} 25h.84v3h-.84z`;
  }
  const text = `${decimal(sums[0], 0)} decisions, ${decimal(sums[1], 0)} entries, ${decimal(sums[2], 0)} refused`;
  return el("li", { class: `${trader.tint}${choice.trader && choice.trader !== trader.id ? " behind" : ""}` }, badge(trader),
    svg("svg", { viewBox: `0 0 ${hours} 28`, preserveAspectRatio: "none", role: "img", "aria-label": text },
      svg("path", { class: "hours", d: bars || "M0 0" }), svg("path", { class: "entries", d: entries || "M0 0" }),
      svg("path", { class: "refusals", d: refusals || "M0 0" })),
    el("span", { class: "note" }, text));
}
