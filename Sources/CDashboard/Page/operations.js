// What wants attention, what it cost, and how the runs went.

const severities = { high: 0, medium: 1, low: 2 };

function drawAlerts() {
  const all = list(feed.files.alerts?.alerts).filter(Boolean);
  const isOpen = (alert) => number(alert.resolved_at) === null;
  const open = all.filter(isOpen).sort((a, b) => (severities[a.severity] ?? 3) - (severities[b.severity] ?? 3) || b.opened_at - a.opened_at);
  const past = all.filter((alert) => !isOpen(alert));
  const count = byID("alert-count");
  count.textContent = String(open.length);
  count.hidden = open.length === 0;
  count.classList.toggle("high", open.some((alert) => alert.severity === "high"));
  byID("alerts-note").textContent = all.length ? `${open.length} open, ${past.length} over` : "";
  fill(byID("alert-list"),
    open.length ? el("ul", { class: "alerts card" }, open.map(alertItem))
      : el("div", { class: "card" }, emptiness("alerts", "No open alert.")),
    past.length ? el("details", { class: "history", open: talk.open.has("alerts past"), ontoggle: (event) => (event.target.open ? talk.open.add("alerts past") : talk.open.delete("alerts past")) },
      el("summary", { "data-key": "alerts past" }, `${past.length} earlier`), el("ul", { class: "alerts card" }, past.map(alertItem))) : null);
}

function alertItem(alert) {
  const severity = Object.hasOwn(severities, alert.severity) ? alert.severity : "low";
  const value = number(alert.value);
  const isOver = number(alert.resolved_at) !== null;
  return el("li", { class: `${severity}${isOver ? " over" : ""}` },
    el("span", { class: "tag" }, severity),
    el("div", {}, el("p", { dir: "auto" }, words(alert.message, 600)),
      el("p", { class: "note" }, alert.trader ? [badge(traderOf(alert.trader)), " "] : null,
        words(String(alert.kind ?? "").replaceAll("_", " "), 60),
        value === null ? null : ` · ${quantity(value)}${number(alert.threshold) === null ? "" : ` at a limit of ${quantity(alert.threshold)}`}`)),
    el("span", { class: "when" }, time(alert.opened_at),
      el("small", {}, isOver ? `over after ${span(alert.resolved_at - alert.opened_at)}` : "open")));
}

function drawCosts() {
  const rows = list(feed.files.dashboard?.costs).filter((row) => row?.id)
    .sort((a, b) => (number(b.cost_usd) ?? 0) - (number(a.cost_usd) ?? 0));
  if (rows.length === 0) {
    fill(byID("costs"), emptiness("dashboard", "No language model has been called."));
    return;
  }
  const most = Math.max(1e-9, ...rows.map((row) => number(row.cost_usd) ?? 0));
  const sum = (key) => rows.reduce((total, row) => total + (number(row[key]) ?? 0), 0);
  fill(byID("costs"), el("table", { class: "cards" }, el("caption", { class: "sr" }, "Cost by trader and model"),
    el("thead", {}, el("tr", {}, [["Trader", ""], ["Model", ""], ["Calls", "n"], ["Tokens", "n"], ["Today", "n"], ["In all", "n"], ["", "share"]]
      .map(([text, style]) => el("th", { scope: "col", class: style }, text)))),
    el("tbody", {}, rows.map((row) => {
      const bar = el("span", { class: "fill" });
      bar.style.setProperty("--share", `${((number(row.cost_usd) ?? 0) / most) * 100}%`);
      return el("tr", { class: traderOf(row.id).tint }, el("th", { scope: "row", class: "trader" }, badge(traderOf(row.id))),
        cell("Model", words(row.model, 60), ""), cell("Calls", decimal(row.calls, 0)), cell("Tokens", short(row.tokens)),
        cell("Today", usd(row.cost_today_usd)), cell("In all", usd(row.cost_usd)), el("td", { class: "share", "aria-hidden": "true" }, bar));
    })),
    rows.length > 1 ? el("tfoot", {}, el("tr", {}, el("th", { scope: "row" }, "Together"), el("td", {}), cell("Calls", decimal(sum("calls"), 0)), cell("Tokens", short(sum("tokens"))),
      cell("Today", usd(sum("cost_today_usd"))), cell("In all", usd(sum("cost_usd"))), el("td", { class: "share" }))) : null));
}

function milliseconds(value) {
  const known = number(value);
  if (known === null) return none;
  return known < 1000 ? `${decimal(known, 0)} ms` : `${decimal(known / 1000, known < 10000 ? 1 : 0)} s`;
}

let runCount = 12;

function drawRuns() {
  const all = list(feed.files.runs?.runs).filter(Boolean);
  if (all.length === 0) {
    fill(byID("runs"), emptiness("runs", "No run is on record yet."));
    return;
  }
  const shown = all.slice(0, runCount);
  const total = (run) => list(run.phases).reduce((sum, phase) => sum + (number(phase?.ms) ?? 0), 0);
  const most = Math.max(1, ...shown.map(total));
  const names = [...new Set(shown.flatMap((run) => list(run.phases).map((phase) => phase?.phase)))];
  fill(byID("runs"), el("table", { class: "cards runs" }, el("caption", { class: "sr" }, "Newest runs with the time of their phases"),
    el("thead", {}, el("tr", {}, [["Run", "n"], ["Cycle", "n"], ["Market time", ""], ["Started", ""], ["Status", ""], ["Took", "n"], ["Phases", "phases"]]
      .map(([text, style]) => el("th", { scope: "col", class: style }, text)))),
    el("tbody", {}, shown.map((run) => el("tr", { class: run.error ? "failed" : null },
      cell("Run", decimal(run.run, 0)), cell("Cycle", decimal(run.cycle, 0)), cell("Market time", time(run.at), ""),
      cell("Started", time(run.started_at, { seconds: true }), ""),
      cell("Status", [el("span", { class: `tag ${run.error ? "failed" : ""}` }, words(run.status, 30)), run.error ? el("small", { class: "reason" }, words(run.error, 400)) : null], ""),
      cell("Took", number(run.finished_at) === null ? milliseconds(total(run)) : milliseconds((run.finished_at - run.started_at) * 1000)),
      el("td", { class: "phases", "data-label": "Phases" }, phaseBar(run, most, names)))))),
  el("div", { class: "more" }, phaseKey(names),
    all.length > shown.length ? el("button", { type: "button", "data-key": "runs more", onclick: () => { runCount += 40; drawRuns(); } }, "Show more") : null));
}

function phaseBar(run, most, names) {
  let at = 0;
  const parts = list(run.phases).filter((phase) => number(phase?.ms) > 0).map((phase) => {
    const wide = (phase.ms / most) * 300;
    const bar = svg("rect", { class: `p${names.indexOf(phase.phase) % 10}`, x: at, width: Math.max(0.6, wide - 0.6), y: 0, height: 10 },
      svg("title", {}, `${plain(phase.phase, 40)}: ${milliseconds(phase.ms)}`));
    at += wide;
    return bar;
  });
  const text = list(run.phases).map((phase) => `${plain(phase?.phase, 40)} ${milliseconds(phase?.ms)}`).join(", ");
  return svg("svg", { viewBox: "0 0 300 10", preserveAspectRatio: "none", role: "img", "aria-label": text }, parts);
}

function phaseKey(names) {
  return el("ul", { class: "phase-key" }, names.slice(0, 20).map((name, index) =>
    el("li", { class: `p${index % 10}` }, plain(name, 40))));
}
