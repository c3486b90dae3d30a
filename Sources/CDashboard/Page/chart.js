// The equity chart: one SVG, drawn anew for each view; zoom by drag, wheel and keys.

const chart = {
  /** Shown span, unix seconds; null = all there is. */
  from: null,
  to: null,
  unit: "usd",
  isLog: false,
  /** Time of the cursor, or null. */
  cursor: null,
  emphasised: null,
  height: 380,
  emphasise(id) {
    if (chart.emphasised === id) return;
    chart.emphasised = id;
    for (const node of byID("chart").querySelectorAll("[data-curve]")) {
      node.classList.toggle("dim", id !== null && node.dataset.curve !== id && node.dataset.curve !== "benchmark");
      node.classList.toggle("strong", node.dataset.curve === id);
    }
  },
};

function curves() {
  const all = arena.ranked.filter((trader) => trader.points?.length);
  return arena.market?.points.length ? [arena.market, ...all] : all;
}

/** The whole span of all curves. */
function wholeSpan() {
  let [low, high] = [Infinity, -Infinity];
  for (const { points } of curves()) {
    low = Math.min(low, points[0][0]);
    high = Math.max(high, points.at(-1)[0]);
  }
  return low < high ? [low, high] : low === high ? [low - 1800, high + 1800] : null;
}

function shownSpan() {
  const whole = wholeSpan();
  if (!whole) return null;
  if (chart.from === null) return whole;
  const width = Math.min(chart.to - chart.from, whole[1] - whole[0]);
  const from = Math.min(Math.max(chart.from, whole[0]), whole[1] - width);
  return [from, from + width];
}

/** Shows a span; nothing below ten minutes, and all when it is nearly all. */
function zoom(from, to) {
  const whole = wholeSpan();
  if (!whole) return;
  const least = Math.min(600, whole[1] - whole[0]);
  const middle = (from + to) / 2;
  const width = Math.max(least, to - from);
  if (width >= (whole[1] - whole[0]) * 0.995) {
    chart.from = chart.to = null;
  } else {
    chart.from = Math.min(Math.max(middle - width / 2, whole[0]), whole[1] - width);
    chart.to = chart.from + width;
  }
  drawChart();
}

function zoomAround(time, factor) {
  const [from, to] = shownSpan() ?? [0, 1];
  zoom(time - (time - from) * factor, time + (to - time) * factor);
}

/** Index of the last point at or before a time; -1 = none. */
function indexAt(points, time) {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle][0] <= time) low = middle + 1; else high = middle;
  }
  return low - 1;
}

/** A curve's value in the chosen unit: dollars, or worth per unit of its first point. */
/** What a curve began with: the base that all are quoted on, else its first point above zero. */
function startOf(curve) {
  return number(arena.about.nav_base) ?? curve.points.find(([, worth]) => worth > 0)?.[1] ?? 1;
}

function scaled(curve, value) {
  return chart.unit === "usd" ? value : value / startOf(curve);
}

function valueText(value, digits = 2) {
  return chart.unit === "usd" ? usd(value, digits) : percent((value - 1) * 100, digits, true);
}

function niceSteps(low, high, count) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw) * power;
  const steps = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) steps.push(value);
  return { steps, step };
}

/** Lines of the value axis. */
function valueTicks(low, high) {
  if (chart.isLog && high / low > 8) {
    const ticks = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
      for (const factor of [1, 2, 5]) ticks.push(factor * 10 ** power);
    }
    return { steps: ticks.filter((tick) => tick >= low && tick <= high), digits: 0 };
  }
  if (chart.unit === "usd") {
    const { steps, step } = niceSteps(low, high, 6);
    return { steps, digits: step >= 1 ? 0 : 2 };
  }
  const { steps, step } = niceSteps((low - 1) * 100, (high - 1) * 100, 6);
  return { steps: steps.map((tick) => tick / 100 + 1), digits: step >= 1 ? 0 : step >= 0.1 ? 1 : 2 };
}

/** Lines of the time axis: at whole minutes, hours, days or months. */
function timeTicks(from, to, count) {
  const day = 86400;
  const steps = [60, 300, 900, 1800, 3600, 7200, 10800, 21600, 43200, day, 2 * day, 4 * day, 7 * day, 14 * day, 30 * day, 91 * day, 365 * day];
  const step = steps.find((size) => (to - from) / size <= count) ?? 365 * day;
  const ticks = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const date = new Date(at * 1000);
    const dayText = `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
    const isMidnight = at % day === 0;
    ticks.push([at, step >= day || isMidnight ? dayText : `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`]);
  }
  return ticks;
}

/** Lowest and highest value in the span, with some room. */
function valueRange(shown, from, to, band) {
  let [low, high] = [Infinity, -Infinity];
  const take = (value) => {
    if (!(value > 0) && chart.isLog) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const curve of shown) {
    const begin = Math.max(0, indexAt(curve.points, from));
    for (let index = begin; index < curve.points.length && curve.points[index][0] <= to; index += 1) {
      take(scaled(curve, curve.points[index][1]));
    }
  }
  if (low > high) return [0.9, 1.1];
  // A band much wider than all curves is cut where it leaves the picture.
  const reach = Math.max(2 * (high - low), 0.1 * Math.abs(high));
  const [least, most] = [low - reach, high + reach];
  for (const [at, bottom, top] of band) {
    if (at >= from && at <= to) { take(Math.max(least, bottom)); take(Math.min(most, top)); }
  }
  if (chart.isLog) {
    const room = Math.max(1.002, (high / low) ** 0.06);
    return [low / room, high * room];
  }
  const room = (high - low) * 0.06 || Math.abs(high) * 0.01 || 1;
  return [low - room, high + room];
}

/** The chosen trader's 95 % band in the chosen unit. */
function bandOf(trader) {
  if (!trader?.points?.length || choice.hidden.has(trader.id)) return [];
  return list(trader.statistics?.band)
    .filter((row) => [0, 1, 2].every((index) => number(row?.[index]) !== null))
    .map(([at, low, high]) => [at, scaled(trader, low), scaled(trader, high)]);
}

function padding(box) {
  const style = getComputedStyle(box);
  return parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
}

/** What the last drawing measured: from times and values to places. */
let plot = null;

function drawChart() {
  const box = byID("chart");
  const view = shownSpan();
  drawLegend();
  if (!view) {
    plot = null;
    fill(byID("chart-tools"));
    byID("chart-hint").hidden = true;
    fill(box, emptiness("dashboard", "No equity yet. The curves begin with the first run."));
    return;
  }
  drawChartTools();
  byID("chart-hint").hidden = false;
  const width = Math.max(260, box.clientWidth ? box.clientWidth - padding(box) : 900);
  const isNarrow = width < 640;
  const edge = { left: isNarrow ? 48 : 58, right: isNarrow ? 62 : 186, top: 12, bottom: 26 };
  const height = isNarrow ? 300 : chart.height;
  const shown = curves().filter((curve) => !choice.hidden.has(curve.id));
  const chosen = arena.traders.get(choice.trader);
  const band = bandOf(chosen);
  const [from, to] = view;
  const [low, high] = valueRange(shown, from, to, band);
  const lift = chart.isLog ? Math.log : (value) => value;
  const x = (at) => edge.left + ((at - from) / (to - from)) * (width - edge.left - edge.right);
  const y = (value) => {
    const share = (lift(Math.max(value, chart.isLog ? low * 1e-3 : -Infinity)) - lift(low)) / (lift(high) - lift(low));
    return height - edge.bottom - share * (height - edge.top - edge.bottom);
  };
  plot = { x, y, from, to, width, height, edge, shown };
  const values = valueTicks(low, high);
  const base = chart.unit === "usd" ? number(arena.about.nav_base) : 1;
  const isBase = (tick) => base !== null && Math.abs(tick - base) < 1e-9 * base;

  const picture = svg("svg", {
    viewBox: `0 0 ${width} ${height}`, width, height, tabindex: "0", role: "group", "data-key": "chart",
    "aria-roledescription": "chart", "aria-label": chartText(shown, from, to),
  },
  svg("defs", {}, svg("clipPath", { id: "inside" },
    svg("rect", { x: edge.left, y: 0, width: width - edge.left - edge.right, height: height - edge.bottom }))),
  svg("g", { class: "axes" },
    values.steps.map((tick) => [
      svg("line", { class: isBase(tick) ? "grid base" : "grid", x1: edge.left, x2: width - edge.right, y1: y(tick), y2: y(tick) }),
      svg("text", { x: edge.left - 9, y: y(tick) + 4, "text-anchor": "end" }, isNarrow ? valueText(tick, values.digits).replace("$", "") : valueText(tick, values.digits))]),
    timeTicks(from, to, isNarrow ? 4 : 8).map(([at, text]) => [
      svg("line", { class: "tick", x1: x(at), x2: x(at), y1: height - edge.bottom, y2: height - edge.bottom + 4 }),
      svg("text", { x: x(at), y: height - 7, "text-anchor": "middle" }, text)])),
  svg("g", { "clip-path": "url(#inside)" },
    band.length > 1 ? svg("path", { class: `band ${chosen.tint}`, d: bandPath(band, x, y) }) : null,
    shown.map((curve) => svg("path", {
      class: `curve ${curve.tint}${curve.isBenchmark ? " benchmark" : ""}${curve.id === choice.trader ? " chosen" : ""}${choice.trader && curve.id !== choice.trader && !curve.isBenchmark ? " behind" : ""}`,
      "data-curve": curve.isBenchmark ? "benchmark" : curve.id, d: curvePath(curve, from, to, x, y),
    }))),
  endLabels(shown, isNarrow),
  svg("g", { class: "cursor" }), svg("rect", { class: "brush", hidden: true }));
  const readout = el("div", { class: "readout", hidden: true });
  fill(box, picture, readout);
  trimLabels(picture);
  listen(picture);
  drawCursor();
}

function curvePath(curve, from, to, x, y) {
  const { points } = curve;
  const begin = Math.max(0, indexAt(points, from));
  let path = "";
  for (let index = begin; index < points.length; index += 1) {
    path += `${path ? "L" : "M"}${x(points[index][0]).toFixed(1)} ${y(scaled(curve, points[index][1])).toFixed(1)}`;
    if (points[index][0] > to) break;
  }
  return path || "M0 0";
}

function bandPath(band, x, y) {
  const line = (rows, at) => rows.map((row) => `${x(row[0]).toFixed(1)} ${y(row[at]).toFixed(1)}`).join("L");
  return `M${line(band, 2)}L${line([...band].reverse(), 1)}Z`;
}

/** Names at the ends of the curves, moved apart where they would touch. */
function endLabels(shown, isNarrow) {
  const { x, y, to, width, height, edge } = plot;
  const labels = shown.map((curve) => {
    const point = curve.points[indexAt(curve.points, to)];
    return point ? { curve, at: x(point[0]), place: y(scaled(curve, point[1])), value: scaled(curve, point[1]) } : null;
  }).filter((label) => label && label.place > -20 && label.place < height).sort((a, b) => a.place - b.place);
  const pitch = Math.min(isNarrow ? 13 : 16, (height - edge.bottom) / Math.max(1, labels.length));
  labels.forEach((label, index) => { label.shown = Math.max(label.place, edge.top + pitch * index, index ? labels[index - 1].shown + pitch : 0); });
  let floor = height - edge.bottom - 2;
  for (const label of [...labels].reverse()) {
    label.shown = Math.min(label.shown, floor);
    floor = label.shown - pitch;
  }
  const left = width - edge.right;
  return svg("g", { class: "ends" }, labels.map(({ curve, at, place, shown: middle, value }) => svg("g", {
    class: `${curve.tint}${curve.id === choice.trader ? " chosen" : ""}${choice.trader && curve.id !== choice.trader ? " behind" : ""}`,
    "data-curve": curve.isBenchmark ? "benchmark" : curve.id, onclick: () => curve.isBenchmark || toggle(curve.id),
  },
  at > left - 3 ? svg("path", { class: "leader", d: `M${Math.min(at, left)} ${place}L${left + 10} ${middle}` }) : null,
  svg("g", { transform: `translate(${left + 11} ${middle - 5})` }, svg("path", { class: "shape", d: shapes[curve.shape] })),
  svg("text", { class: "label", x: left + 25, y: middle + 4 }, isNarrow ? "" : shortened(curve.name, 24)),
  svg("text", { class: "worth", x: width - 1, y: middle + 4, "text-anchor": "end" },
    chart.unit === "usd" ? (isNarrow && value >= 1000 ? `${decimal(value / 1000, 1)}k` : usd(value, 0)) : valueText(value, isNarrow ? 0 : 1)))));
}

/** Cuts names that would run into their values; how wide letters are only the browser knows. */
function trimLabels(picture) {
  const room = plot.edge.right - 25 - 66;
  for (const label of picture.querySelectorAll(".ends .label")) {
    const wide = label.getComputedTextLength();
    if (wide === 0 || wide <= room) continue;
    const letters = [...label.textContent];
    label.textContent = `${letters.slice(0, Math.max(1, Math.floor(letters.length * room / wide) - 1)).join("")}…`;
  }
}

function shortened(name, limit) {
  const letters = [...plain(name, 200)];
  return letters.length > limit ? `${letters.slice(0, limit - 1).join("")}…` : letters.join("");
}

function chartText(shown, from, to) {
  const names = shown.map((curve) => {
    const point = curve.points[indexAt(curve.points, to)];
    return `${plain(curve.name, 40)} ${point ? valueText(scaled(curve, point[1])) : none}`;
  });
  return `Equity from ${moment(from)} to ${moment(to)}. ${names.join(", ")}. Arrow keys move the cursor, plus and minus zoom.`;
}

/** Cursor line, dots, and the values at its time. */
function drawCursor() {
  const box = byID("chart");
  const layer = box.querySelector(".cursor");
  const readout = box.querySelector(".readout");
  if (!layer || !plot) return;
  if (chart.cursor === null || chart.cursor < plot.from || chart.cursor > plot.to) {
    layer.replaceChildren();
    readout.hidden = true;
    return;
  }
  const { x, y, height, edge, shown, width } = plot;
  const rows = shown.map((curve) => {
    const point = curve.points[indexAt(curve.points, chart.cursor)];
    return point ? { curve, value: scaled(curve, point[1]) } : null;
  }).filter(Boolean).sort((a, b) => b.value - a.value);
  const at = x(chart.cursor);
  layer.replaceChildren(svg("line", { x1: at, x2: at, y1: edge.top, y2: height - edge.bottom }),
    ...rows.map(({ curve, value }) => svg("circle", { class: curve.tint, cx: at, cy: y(value), r: 3.2 })));
  readout.replaceChildren(
    el("p", {}, moment(chart.cursor, { year: true })),
    el("ul", {}, rows.map(({ curve, value }) => el("li", { class: curve.id === choice.trader ? "chosen" : null }, badge(curve), el("span", { class: "n" }, valueText(value))))));
  readout.hidden = false;
  const isRight = at < (width - edge.right + edge.left) / 2;
  readout.style.left = isRight ? `${at + 30}px` : "auto";
  readout.style.right = isRight ? "auto" : `${width - at + 30}px`;
}

/** Steps the cursor takes from one point to the next of the finest curve. */
function step(direction) {
  const { from, to, width, edge } = plot;
  const size = (to - from) / Math.max(20, (width - edge.left - edge.right) / 4);
  const start = chart.cursor ?? (direction > 0 ? from - size : to + size);
  chart.cursor = Math.min(to, Math.max(from, start + direction * size));
  drawCursor();
}

function listen(picture) {
  const timeAt = (event) => {
    const { left } = picture.getBoundingClientRect();
    const { from, to, width, edge } = plot;
    const share = (event.clientX - left - edge.left) / (width - edge.left - edge.right);
    return from + Math.min(1, Math.max(0, share)) * (to - from);
  };
  let start = null;
  const brush = picture.querySelector(".brush");
  picture.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch" || event.target.closest(".ends")) return;
    start = timeAt(event);
    picture.setPointerCapture(event.pointerId);
  });
  picture.addEventListener("pointermove", (event) => {
    chart.cursor = timeAt(event);
    drawCursor();
    if (start === null) return;
    const [a, b] = [plot.x(start), plot.x(chart.cursor)].sort((p, q) => p - q);
    for (const [name, value] of [["x", a], ["width", b - a], ["y", plot.edge.top], ["height", plot.height - plot.edge.top - plot.edge.bottom]]) {
      brush.setAttribute(name, value);
    }
    brush.toggleAttribute("hidden", b - a < 6);
  });
  picture.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const [a, b] = [start, timeAt(event)].sort((p, q) => p - q);
    start = null;
    brush.toggleAttribute("hidden", true);
    if (plot.x(b) - plot.x(a) >= 6) zoom(a, b);
  });
  picture.addEventListener("pointercancel", () => { start = null; brush.toggleAttribute("hidden", true); });
  picture.addEventListener("pointerleave", () => { if (start === null) { chart.cursor = null; drawCursor(); } });
  picture.addEventListener("dblclick", () => zoom(-Infinity, Infinity));
  picture.addEventListener("wheel", (event) => {
    const isAsked = document.activeElement === picture || event.ctrlKey || event.metaKey;
    if (!isAsked) return;
    event.preventDefault();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) pan(Math.sign(event.deltaX) * 0.04);
    else zoomAround(timeAt(event), Math.exp(Math.sign(event.deltaY) * 0.14));
  }, { passive: false });
  picture.addEventListener("keydown", onChartKey);
}

function pan(share) {
  const [from, to] = [plot.from, plot.to];
  if (chart.from !== null) zoom(from + (to - from) * share, to + (to - from) * share);
}

function onChartKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const middle = chart.cursor ?? (plot.from + plot.to) / 2;
  const acts = {
    ArrowLeft: () => (event.shiftKey ? pan(-0.1) : step(-1)),
    ArrowRight: () => (event.shiftKey ? pan(0.1) : step(1)),
    Home: () => { chart.cursor = plot.from; drawCursor(); },
    End: () => { chart.cursor = plot.to; drawCursor(); },
    "+": () => zoomAround(middle, 0.7), "=": () => zoomAround(middle, 0.7),
    "-": () => zoomAround(middle, 1 / 0.7), 0: () => zoom(-Infinity, Infinity),
    Escape: () => { chart.cursor = null; drawCursor(); },
  };
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
  if (chart.cursor !== null) byID("said").textContent = byID("chart").querySelector(".readout").innerText;
}

function drawChartTools() {
  const toggleButton = (key, text, isOn, act) => el("button", {
    type: "button", "data-key": key, "aria-pressed": String(isOn), onclick: act,
  }, text);
  const whole = wholeSpan();
  const ranges = [["1 d", 86400], ["7 d", 7 * 86400], ["30 d", 30 * 86400]].filter(([, size]) => whole && whole[1] - whole[0] > size);
  const width = chart.from === null ? null : chart.to - chart.from;
  fill(byID("chart-tools"),
    ranges.length ? el("div", { class: "segments", role: "group", "aria-label": "Span" },
      ranges.map(([text, size]) => toggleButton(`span ${text}`, text, width !== null && Math.abs(width - size) < 1,
        () => { chart.from = null; zoom(whole[1] - size, whole[1]); })),
      toggleButton("span all", "All", width === null, () => zoom(-Infinity, Infinity))) : null,
    el("div", { class: "segments", role: "group", "aria-label": "Unit" },
      toggleButton("unit usd", "$", chart.unit === "usd", () => { chart.unit = "usd"; drawChart(); }),
      toggleButton("unit pct", "%", chart.unit === "pct", () => { chart.unit = "pct"; drawChart(); })),
    el("div", { class: "segments", role: "group", "aria-label": "Scale" },
      toggleButton("scale linear", "Linear", !chart.isLog, () => { chart.isLog = false; drawChart(); }),
      toggleButton("scale log", "Log", chart.isLog, () => { chart.isLog = true; drawChart(); })));
}

function drawLegend() {
  const all = curves();
  fill(byID("chart-legend"), all.map((curve) => el("button", {
    type: "button", class: "chip", "data-key": `legend ${curve.id}`,
    "aria-pressed": String(!choice.hidden.has(curve.id)),
    title: choice.hidden.has(curve.id) ? "Show this curve" : "Hide this curve",
    onclick: () => {
      if (!choice.hidden.delete(curve.id)) choice.hidden.add(curve.id);
      drawChart();
    },
  }, badge(curve))),
  all.length > 2 ? el("button", {
    type: "button", class: "quiet", "data-key": "legend all",
    onclick: () => {
      if (choice.hidden.size) choice.hidden.clear(); else all.forEach((curve) => choice.hidden.add(curve.id));
      drawChart();
    },
  }, choice.hidden.size ? "Show all" : "Hide all") : null);
}
