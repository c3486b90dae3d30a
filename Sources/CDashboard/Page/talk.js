// What models were asked, thought and answered. All of it is foreign: text nodes, never markup.

const talk = { count: 12, open: new Set() };

const signals = {
  buy_to_enter: ["buy", "long"], sell_to_enter: ["sell short", "short"],
  close_position: ["close", "close"], close: ["close", "close"], hold: ["hold", "hold"],
  buy: ["buy", "long"], sell: ["sell short", "short"], long: ["buy", "long"], short: ["sell short", "short"],
};

function signalOf(decision) {
  const [text, style] = Object.hasOwn(signals, decision?.signal) ? signals[decision.signal] : [plain(decision?.signal ?? none, 24), "hold"];
  return { text, style };
}

function drawTalk() {
  const all = list(feed.files.conversations?.conversations)
    .filter((entry) => entry && (!choice.trader || entry.model_id === choice.trader))
    .sort((a, b) => (number(b.timestamp ?? b.inserted_at) ?? 0) - (number(a.timestamp ?? a.inserted_at) ?? 0));
  fill(byID("talk-tools"), all.length || choice.trader ? traderChoice("talk-trader", "Conversations of which trader") : null);
  if (all.length === 0) {
    fill(byID("talk"), el("div", { class: "card" }, emptiness("conversations",
      choice.trader ? "This trader has not been asked yet." : "No trader has been asked yet.")));
    return;
  }
  const shown = all.slice(0, talk.count);
  fill(byID("talk"), shown.map(conversation), all.length > shown.length ? el("div", { class: "more" },
    el("p", {}, `${shown.length} of the ${all.length} newest`),
    el("button", { type: "button", "data-key": "talk more", onclick: () => { talk.count += 24; drawTalk(); } }, "Show more")) : null);
}

function conversation(entry) {
  const trader = traderOf(entry.model_id);
  const at = entry.timestamp ?? entry.inserted_at;
  const decisions = Object.entries(record(entry.llm_response)).filter(([, decision]) => decision && typeof decision === "object");
  const acts = decisions.filter(([, decision]) => signalOf(decision).style !== "hold");
  const key = plain(entry.id ?? `${entry.model_id} ${at}`, 200);
  const told = (role) => list(entry.messages).find((message) => message?.role === role)?.content;
  const parts = [
    ["Decisions", decisions.length ? () => decisionTable(decisions) : null],
    ["Reasoning", textPart(entry.cot_trace)],
    ["Prompt", textPart(entry.user_prompt ?? told("user"))],
    ["System prompt", textPart(told("system"))],
    ["Answer, as it came", textPart(told("assistant"))],
  ];
  return el("article", { class: `card talk ${trader.tint}` },
    el("header", {}, badge(trader),
      el("span", { class: "acts" }, acts.slice(0, 8).map(([coin, decision]) => el("span", { class: `act ${signalOf(decision).style}` }, signalOf(decision).text, " ", words(decision.coin ?? coin, 16))),
        acts.length === 0 && decisions.length ? el("span", { class: "act hold" }, "holds all") : null),
      el("span", { class: "when" }, number(entry.cycle_id) === null ? null : `cycle ${entry.cycle_id} · `, time(at))),
    el("p", { class: "summary", dir: "auto" }, words(entry.cot_trace_summary || "No summary.", 900)),
    el("div", { class: "folds" }, parts.filter(([, make]) => make).map(([name, make]) => fold(`${key} ${name}`, name, make))));
}

function textPart(value) {
  const text = plain(value);
  return text.trim() === "" ? null : () => el("pre", { dir: "auto", tabindex: "0" }, text);
}

/** A closed part whose content is made when it is opened; stays open over refreshes. */
function fold(key, name, make) {
  const body = el("div", {});
  const open = talk.open.has(key);
  if (open) body.append(make());
  return el("details", {
    open, ontoggle: (event) => {
      if (event.target.open) {
        talk.open.add(key);
        if (!body.firstChild) body.append(make());
      } else talk.open.delete(key);
    },
  }, el("summary", { "data-key": key }, name), body);
}

function decisionTable(decisions) {
  const share = (value) => (number(value) === null ? none : percent(value <= 1 ? value * 100 : value, 0));
  return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Decisions" }, el("table", { class: "small" },
    el("thead", {}, el("tr", {}, ["Coin", "Signal"].map((text) => el("th", { scope: "col" }, text)),
      ["Size", "Leverage", "Sure", "Target", "Stop", "Risk"].map((text) => el("th", { scope: "col", class: "n" }, text)),
      el("th", { scope: "col" }, "Why"))),
    el("tbody", {}, decisions.slice(0, 60).map(([coin, decision]) => el("tr", {},
      el("th", { scope: "row" }, words(decision.coin ?? coin, 24)),
      el("td", {}, el("span", { class: `act ${signalOf(decision).style}` }, signalOf(decision).text)),
      el("td", { class: "n" }, number(decision.quantity) ? quantity(decision.quantity) : none),
      el("td", { class: "n" }, number(decision.leverage) === null ? none : `${decimal(decision.leverage, 0)}×`),
      el("td", { class: "n" }, share(decision.confidence)),
      el("td", { class: "n" }, quantity(decision.profit_target)), el("td", { class: "n" }, quantity(decision.stop_loss)),
      el("td", { class: "n" }, usd(decision.risk_usd, 0)),
      el("td", { class: "why" }, words(decision.justification, 600),
        decision.invalidation_condition ? el("small", {}, "Void when: ", words(decision.invalidation_condition, 300)) : null))))));
}
