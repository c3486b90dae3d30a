// Words, numbers and elements. Everything shown goes through `el`, which makes text nodes only.

/** An element with attributes and children; strings become text nodes, nothing is parsed as HTML. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  decorate(node, attributes);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

/** The same in the SVG namespace. */
function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  decorate(node, attributes);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

function decorate(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
}

/** Fills a container anew and gives the focus back to what had it, by `data-key`. */
function fill(container, ...children) {
  const active = document.activeElement;
  const key = active && container.contains(active) ? active.dataset.key : undefined;
  container.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (key === undefined) return;
  const heir = [...container.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key);
  heir?.focus({ preventScroll: true });
}

const byID = (id) => document.getElementById(id);

/** An absent value. */
const none = "–";
const minus = "−";

/** A finite number, or null. */
function number(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The amount of a number: thousands apart, no fewer decimals than `least`. */
function grouped(value, digits, least = digits) {
  // Intl.NumberFormat takes milliseconds to make, each time for another count of decimals.
  let [whole, fraction = ""] = Math.abs(value).toFixed(digits).split(".");
  while (fraction.length > least && fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  whole = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction ? `${whole}.${fraction}` : whole;
}

function sign(value, digits, plus) {
  const shown = Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value;
  return shown < 0 ? minus : shown > 0 && plus ? "+" : "";
}

/** A number with a fixed count of decimals. */
function decimal(value, digits = 2, plus = false) {
  const known = number(value);
  return known === null ? none : sign(known, digits, plus) + grouped(known, digits);
}

/** Dollars. */
function usd(value, digits = 2, plus = false) {
  const known = number(value);
  return known === null ? none : `${sign(known, digits, plus)}$${grouped(known, digits)}`;
}

/** Per cent. */
function percent(value, digits = 2, plus = false) {
  const known = number(value);
  return known === null ? none : `${sign(known, digits, plus)}${grouped(known, digits)} %`;
}

/** A price or a size: as many digits as it takes, no more than seven that count. */
function quantity(value) {
  const known = number(value);
  if (known === null) return none;
  if (known === 0) return "0";
  const digits = Math.min(8, Math.max(0, 6 - Math.ceil(Math.log10(Math.abs(known)))));
  return (known < 0 ? minus : "") + grouped(known, digits, 0);
}

/** A large count, shortened. */
function short(value) {
  const known = number(value);
  if (known === null) return none;
  for (const [size, letter] of [[1e9, "G"], [1e6, "M"], [1e4, "k"]]) {
    if (Math.abs(known) >= size) {
      const scaled = known / (letter === "k" ? 1e3 : size);
      return `${decimal(scaled, Math.abs(scaled) < 100 ? 1 : 0)} ${letter}`;
    }
  }
  return decimal(known, 0);
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value) => String(value).padStart(2, "0");

/** `21 Nov 16:40`, of unix seconds, UTC. */
function moment(seconds, { seconds: fine = false, year = false } = {}) {
  const known = number(seconds);
  const date = known === null ? null : new Date(known * 1000);
  if (!date || Number.isNaN(date.getTime())) return none;
  const day = `${date.getUTCDate()} ${months[date.getUTCMonth()]}${year ? ` ${date.getUTCFullYear()}` : ""}`;
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return `${day} ${time}${fine ? `:${two(date.getUTCSeconds())}` : ""}`;
}

/** A span in its two greatest units. */
function span(seconds) {
  const known = number(seconds);
  if (known === null) return none;
  const total = Math.max(0, Math.round(known));
  const [d, h, m] = [Math.floor(total / 86400), Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60];
  if (d > 0) return h ? `${d} d ${h} h` : `${d} d`;
  if (h > 0) return m ? `${h} h ${m} min` : `${h} h`;
  if (m > 0) return `${m} min`;
  return `${total} s`;
}

/** `time` with the exact instant in its title. */
function time(seconds, options) {
  const known = number(seconds);
  const date = known === null ? null : new Date(known * 1000);
  if (!date || Number.isNaN(date.getTime())) return el("span", { class: "faint" }, none);
  return el("time", { datetime: date.toISOString(), title: date.toISOString() }, moment(known, options));
}

/**
 * Foreign text, fit to be shown: what would turn lines around or move the cursor is written out as
 * its code, and there is an end to its length.
 */
function plain(value, limit = 60000) {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2) ?? "";
  const cut = text.length > limit ? `${text.slice(0, limit)}\n… and ${text.length - limit} more characters` : text;
  return cut.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (mark) => mark === "\r" ? "" : `⟨${mark.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

/** Foreign text on one line, kept from touching its neighbours. */
function words(value, limit = 400) {
  const text = plain(value, limit).replace(/\s+/g, " ").trim();
  return el("bdi", {}, text);
}

/** How a signed figure is coloured; the sign itself is always written, too. */
function tone(value) {
  const known = number(value);
  return known === null || known === 0 ? "" : known > 0 ? "gain" : "loss";
}

/** `max_drawdown_pct` → `Max drawdown`. */
function title(key) {
  const known = { psr: "PSR", dsr: "DSR", sqn: "SQN", cagr: "CAGR", pnl: "P&L", usd: "USD", nav: "NAV", r: "R", nof1: "nof1", brier: "Brier", calmar: "Calmar", sharpe: "Sharpe", sortino: "Sortino" };
  const bare = key === "return_days" ? key : key.replace(/_(pct|usd|bps|days|minutes|mins|bits)$/, "");
  const parts = bare.split("_");
  return parts.map((part, index) => known[part]
    ?? (index === 0 ? part.charAt(0).toUpperCase() + part.slice(1) : part)).join(" ");
}

/** The value of an open list's figure, by the unit its key ends with. */
function figure(key, value) {
  const known = number(value);
  if (known === null) return none;
  if (/_pct$/.test(key)) return percent(known);
  if (/_usd$/.test(key)) return usd(known);
  if (/_bps$/.test(key)) return `${decimal(known, 2)} bps`;
  if (/_days$/.test(key) && key !== "return_days") return `${decimal(known, 1)} d`;
  if (/_(minutes|mins)$/.test(key)) return span(known * 60);
  if (/_bits$/.test(key)) return `${decimal(known, 2)} bits`;
  if (/_(at|from|to)$/.test(key)) return moment(known, { year: true });
  return Number.isInteger(known) ? decimal(known, 0) : decimal(known, Math.abs(known) < 10 ? 3 : 2);
}

/** What stands where there is nothing to show. */
function nothing(text) {
  return el("p", { class: "nothing" }, text);
}

/** Colour and shape of a trader, together: no two traders share both. */
const shapes = [
  "M5 1a4 4 0 1 1 0 8a4 4 0 1 1 0-8", "M1.5 1.5h7v7h-7z", "M5 .3L9.7 5L5 9.7L.3 5z",
  "M5 .8L9.5 9H.5z", "M5 9.2L.5 1h9z", "M3.6 .8h2.8v2.8h2.8v2.8H6.4v2.8H3.6V6.4H.8V3.6h2.8z",
];

function glyph(trader) {
  return svg("svg", { class: `glyph ${trader.tint}`, viewBox: "0 0 10 10", "aria-hidden": "true" },
    svg("path", { d: shapes[trader.shape] }));
}

/** A trader's name with its mark. */
function badge(trader) {
  return el("span", { class: "who" }, glyph(trader), el("bdi", { class: "name" }, plain(trader.name, 80)));
}
