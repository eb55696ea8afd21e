// What the page does by itself: it hears every button (`data-do`), shows quotes, and talks with the server by two events, 'ask' and 'act'.
// Runs once, as the `js_on_load` of the bridge, which gives `element`, `trigger`, `props` and `watch`.
const state = { conversation: "", job: "", chips: [], editing: null, pending: null, words: {}, shown: "", lost: false, moving: 0, since: 0, next: null, waiting: null, follow: false, writing: new Map(), settings: false };
const root = document.querySelector(".gradio-container") || document.body;
const $ = (id) => document.getElementById(id);
const word = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, () => value), state.words[name] || "");
const secret = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const wide = () => matchMedia("(min-width: 1100px)").matches;
const phone = () => matchMedia("(max-width: 799px)").matches;

function make(tag, attributes = {}, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

// --- talking with the server

// What leads to another conversation: a question asked before the server has answered waits, or it would be asked in the wrong one.
const MOVES = ["start", "open", "new", "branch"];
const LONGEST_MOVE = 20000;

// Of several moves the last one counts: it waits for the one under way, whose panels would come over its own otherwise.
function act(what, more = {}) {
  if (MOVES.includes(what)) {
    if (state.moving && performance.now() - state.since < LONGEST_MOVE) { state.next = () => act(what, more); return; }
    state.moving = 1;
    state.since = performance.now();
  }
  trigger("act", { do: what, conversation: state.conversation, shown: state.shown, words: $("pc-search")?.value || "", ...more });
}

function ask(question, more = {}) {
  question = question.trim();
  if (!question && !more.table) return;
  if (state.job) return say(word("said.busy"));
  state.job = secret();
  busy(true);
  showTab();
  optimistic(question);
  const put = () => {
    if (!state.conversation) setConversation(secret());
    trigger("ask", { job: state.job, conversation: state.conversation, question, scope: state.chips, words: $("pc-search")?.value || "", ...more });
  };
  if (state.moving) state.waiting = () => { optimistic(question); put(); };
  else put();
}

function optimistic(asked) {
  let question = asked;
  const thread = $("pc-thread");
  thread.querySelector(".pc-empty")?.setAttribute("hidden", "");
  if (!question) question = "…";
  const turn = make("div", { id: "pc-asked", class: "pc-turn" });
  const heading = make("div", { class: question.length > 140 ? "pc-question pc-long" : "pc-question" });
  const text = make("h2", { dir: "auto" }, question);
  const wait = make("p", { class: "pc-wait" }, word("thread.reading"));
  heading.append(text);
  turn.append(heading, wait);
  heading.dataset.question = asked;
  $("pc-asked")?.remove();
  $("pc-scroll-end")?.before(turn);
  if (!$("pc-scroll-end")) thread.parentElement.append(turn);
  toEnd(true);
}

function busy(on) {
  $("pc-stop").hidden = !on;
  $("pc-send").hidden = on;
  if (!on) { state.job = ""; state.waiting = null; }
}

// Who goes to another conversation while an answer is written lets it be written to its end, where it belongs; it shows here no longer.
function leave() {
  const job = state.job, question = askedNow();
  if (!job) return;
  const unsent = state.waiting;
  $("pc-asked")?.remove();
  busy(false);
  if (unsent) return giveBack(question);
  state.writing.set(job, { conversation: state.conversation, question });
  trigger("act", { do: "leave", job });
}
function askedNow() { return ($("pc-asked") || $("pc-live")).querySelector(".pc-question")?.dataset.question || ""; }
function giveBack(question) {
  if (question && !$("pc-input").value) $("pc-input").value = question;
  grow();
}

// News of a question that was left. What of it was on its way already and drawn here is drawn over; where it belongs it is shown.
function strayed(told) {
  const left = state.writing.get(told.job);
  state.writing.delete(told.job);
  if (!told.done) return;
  if (!state.job) $("pc-asked")?.remove();
  if (!told.left || left?.conversation === state.conversation || (!state.job && $("pc-live").firstElementChild)) act("open", { id: state.conversation });
  else act("list");
}

function heard() {
  let told;
  try { told = JSON.parse(props.value || "{}"); } catch { return; }
  if (told.words) state.words = told.words;
  if (told.job && told.job !== state.job) return strayed(told);
  const elsewhere = told.conversation !== state.conversation;
  if ("conversation" in told && told.conversation !== null) setConversation(told.conversation);
  if (told.shown !== undefined) state.shown = told.shown;
  if (told.theme) theme((state.theme = told.theme));
  if (told.language) { document.documentElement.lang = told.language; nameTabs(); }
  if (told.values) fillValues(told.values);
  if (told.count !== undefined) { state.all = told.all; state.count = told.count; drawChips(); }
  if (told.chips) { state.chips = told.chips; drawChips(); act("scope", { scope: state.chips }); }
  if (told.moved) {
    state.moving = 0;
    const next = state.next;
    state.next = null;
    if (!state.job) $("pc-asked")?.remove();
    for (const each of state.writing.values()) if (!state.job && each.conversation === state.conversation) optimistic(each.question);
    if (elsewhere) requestAnimationFrame(() => toEnd(true));
    // After the new panels are drawn, so that the question stands below them.
    if (next) next();
    else if (state.waiting) { const put = state.waiting; state.waiting = null; requestAnimationFrame(() => state.job && put()); }
  }
  if (told.failed) giveBack(askedNow());
  if (told.began || told.done) $("pc-asked")?.remove();
  if (told.read) openSheet(true);
  if (told.names) showNames(told.names);
  if (told.next) showNext(told.next);
  if (told.done && !told.failed && told.shown) act("next", { turn: told.shown });
  if (told.moved) act("home");
  requestAnimationFrame(drawNext);
  if (told.done) { busy(false); requestAnimationFrame(() => toEnd(false)); }
  requestAnimationFrame(() => requestAnimationFrame(widen));
  if (told.toast && !told.share) say(told.toast);
  if (told.share) copy(new URL(`?share=${told.share}`, location.href).href, told.toast);
  if (told.download) download(told.download.name, told.download.text);
  if (told.branch) { say(told.toast); $("pc-input").focus(); }
  requestAnimationFrame(() => requestAnimationFrame(asBefore));
}

// What is drawn anew is closed and without the focus: settings open again, and the focus goes to the same button at once, so that no key is lost; where it is gone, to the head of its panel, else to where the next question is typed.
let focused = null, panel = "";
document.addEventListener("click", (event) => { if (event.target.closest?.("#pc-settings > summary")) state.settings = !$("pc-settings").open; });
const HEADS = { "pc-sources": "#pc-sources .pc-panel-title", "pc-side": "#pc-search" };
document.addEventListener("focusin", (event) => { focused = event.target; panel = focused.closest("#pc-sources, #pc-side")?.id || ""; });
const alike = (one, other) => one.name === other.name && JSON.stringify(one.dataset) === JSON.stringify(other.dataset);
const lostFocus = () => focused && !focused.isConnected && document.activeElement === document.body;
function focusAgain() {
  if (!lostFocus() || !(focused.dataset.do || focused.name)) return;
  [...document.querySelectorAll("#pc-ask :is([data-do], [name])")].find((each) => alike(each, focused) && each.checkVisibility())?.focus({ preventScroll: true });
}
function asBefore() {
  if (state.settings && $("pc-settings")) $("pc-settings").open = true;
  sideState(); // the head with the account is drawn anew, too
  focusAgain();
  if (!lostFocus()) return;
  const other = phone() && !panel ? null : document.querySelector(HEADS[panel] || "#pc-input");
  other?.focus({ preventScroll: true });
}
const onRedraw = new MutationObserver(focusAgain);

function nameTabs() {
  for (const name of ["ask", "papers", "workspace", "evaluation"]) {
    const text = document.querySelector(`#pc-tab-${name}-button`)?.firstChild;
    if (text) text.nodeValue = word(`tab.${name}`);
  }
}

function setConversation(id) {
  state.conversation = id;
  const url = new URL(location.href);
  url.searchParams.delete("share");
  id ? url.searchParams.set("c", id) : url.searchParams.delete("c");
  history.replaceState(null, "", url);
}

// --- the answer and its sources

function goTo(cite) {
  const id = cite.getAttribute("href").slice(1);
  if (reveal(id)) return;
  state.pending = id;
  act("sources", { turn: cite.dataset.turn });
}

function reveal(id) {
  const quote = document.getElementById(id);
  if (!quote) return false;
  flash(quote.closest(".pc-card"), quote);
  return true;
}

function flash(card, quote) {
  if (!card) return;
  openSheet(true);
  if (quote && !quote.checkVisibility()) unfold(card, true);
  if (card.tagName === "DETAILS") card.open = true;
  document.querySelectorAll(".pc-flash").forEach((old) => old.classList.remove("pc-flash"));
  void card.offsetWidth;
  card.classList.add("pc-flash");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const panel = $("pc-sources-column");
  const target = quote || card;
  // The title stays in view above the quote, unless the quote is too far below it.
  const at = card.getBoundingClientRect().top - panel.getBoundingClientRect().top + panel.scrollTop - (aside() ? 56 : 12);
  const low = target.getBoundingClientRect().bottom - panel.getBoundingClientRect().top + panel.scrollTop - panel.clientHeight + 24;
  panel.scrollTo({ top: Math.max(at, low), behavior: calm ? "auto" : "smooth" });
  if (card.tagName !== "DETAILS") card.focus({ preventScroll: true });
  else card.querySelector("summary").focus({ preventScroll: true });
}

function unfold(card, on = !card.classList.contains("pc-whole")) {
  card.classList.toggle("pc-whole", on);
  card.querySelector(".pc-unfold")?.setAttribute("aria-expanded", String(on));
}

// On a phone the sources are a sheet; beside a table, which needs the width, a panel over it.
const aside = () => phone() || document.body.classList.contains("pc-wide");
function widen() {
  const shown = document.getElementById(`t-${state.shown}`);
  document.body.classList.toggle("pc-wide", Boolean(shown?.querySelector(".pc-table")));
  if (!aside()) $("pc-sources-column")?.classList.remove("pc-open-sheet");
}

function openSheet(on) {
  if (!aside()) { const close = $("pc-sheet-close"); if (close) close.hidden = true; return; }
  const panel = $("pc-sources-column");
  panel.classList.toggle("pc-open-sheet", on);
  let close = $("pc-sheet-close");
  if (on && !close) {
    close = make("button", { id: "pc-sheet-close", type: "button", "data-do": "close-sheet", "aria-label": word("sources.close") });
    close.innerHTML = '<svg class="pc-icon-svg" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18"/></svg>';
    panel.prepend(close);
  }
  if (close) close.hidden = !on;
}

const onSources = new MutationObserver(() => {
  if (state.pending && (state.pending.startsWith("p:") ? revealPaper(state.pending.slice(2)) : reveal(state.pending))) state.pending = null;
});

function revealPaper(id) {
  const card = [...document.querySelectorAll("#pc-sources .pc-card")].find((each) => each.dataset.paper === id);
  if (card) flash(card);
  return Boolean(card);
}

// --- the quote on hover and focus

let tip = null;
function showTip(over) {
  hideTip();
  const why = over.dataset.why;
  tip = make("div", { id: "pc-tip", role: "tooltip" });
  if (why !== undefined) tip.append(make("p", {}, why));
  else {
    const { title, quote, titleDrawn, quoteDrawn } = over.dataset;
    tip.append(make("b", { dir: "auto" }, title), make("p", { dir: "auto" }, `“${quote}”`));
    // With formulas and symbols, as the server drew and escaped them.
    if (titleDrawn) tip.firstChild.innerHTML = titleDrawn;
    if (quoteDrawn) tip.lastChild.innerHTML = `“${quoteDrawn}”`;
  }
  root.append(tip);
  over.setAttribute("aria-describedby", "pc-tip");
  const spot = over.getBoundingClientRect(), size = tip.getBoundingClientRect();
  const left = Math.min(Math.max(8, spot.left - 24), innerWidth - size.width - 8);
  const below = spot.bottom + 8 + size.height < innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${below ? spot.bottom + 8 : Math.max(8, spot.top - size.height - 8)}px`;
}
function hideTip() {
  tip?.remove();
  tip = null;
  document.querySelectorAll("[aria-describedby=pc-tip]").forEach((each) => each.removeAttribute("aria-describedby"));
}
// A marker lights its quote, and a quote its markers; where the quote is not in view, it shows in a small window.
const lit = (on) => (on.matches("mark") ? [...document.querySelectorAll(`a.pc-cite[href="#${CSS.escape(on.id)}"]`)] : [document.getElementById(on.getAttribute("href").slice(1))]).filter(Boolean);
function inView(quote) {
  const panel = $("pc-sources-column");
  if (!quote || !panel.checkVisibility({ visibilityProperty: true })) return false;
  const at = quote.getBoundingClientRect(), box = panel.getBoundingClientRect();
  return at.height > 0 && at.top >= box.top && at.bottom <= box.bottom;
}
const unlight = () => document.querySelectorAll(".pc-lit").forEach((each) => each.classList.remove("pc-lit"));
for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(on, (event) => {
    const over = event.target.closest?.("a.pc-cite[data-quote], #pc-sources mark[id]");
    if (!over || (on === "mouseover" && phone())) return;
    const others = lit(over);
    for (const each of [over, ...others]) each.classList.add("pc-lit");
    if (over.matches("a") && !inView(others[0])) showTip(over);
  });
  document.addEventListener(off, (event) => {
    if (event.target.closest?.("a.pc-cite, mark")) unlight();
    if (event.target.closest?.("a.pc-cite, .pc-flag")) hideTip();
  });
}
addEventListener("scroll", hideTip, true);

// --- what can be pressed

const doing = {
  ask: (on) => ask(on.dataset.question),
  stop: () => { if (state.waiting) broken(); else act("stop", { job: state.job }); },
  new: () => { leave(); leaveEditing(); state.conversation = ""; setConversation(""); act("new"); $("pc-input").focus(); closeSide(); },
  open: (on) => { leave(); leaveEditing(); act("open", { id: on.dataset.id }); closeSide(); },
  "rename-conversation": (on) => {
    const title = prompt(word("said.rename"), on.dataset.title);
    if (title && title.trim()) act("rename", { id: on.dataset.id, title });
  },
  "delete-conversation": (on) => {
    if (!confirm(word("said.delete"))) return;
    if (on.dataset.id === state.conversation) leave();
    act("delete", { id: on.dataset.id });
  },
  "export-conversation": (on) => act("export", { id: on.dataset.id }),
  edit: (on) => startEditing(on, "edit", questionOf(on)),
  correct: (on) => startEditing(on, "correct", on.dataset.text),
  "cancel-edit": () => { leaveEditing(); $("pc-input").value = ""; },
  regenerate: (on) => ask(questionOf(on), { mode: "regenerate", turn: on.dataset.turn }),
  literal: (on) => ask(questionOf(on), { mode: "literal", turn: on.dataset.turn }),
  branch: (on) => { if (state.moving) return; leave(); act("branch", { turn: on.dataset.turn }); },
  share: (on) => act("share", { turn: on.dataset.turn }),
  rate: (on) => act("rate", { turn: on.dataset.turn, rating: on.getAttribute("aria-pressed") === "true" ? null : on.dataset.rating }),
  sources: (on) => { state.pending = null; act("sources", { turn: on.dataset.turn }); openSheet(true); },
  card: (on) => { if (!revealPaper(on.dataset.id)) { state.pending = `p:${on.dataset.id}`; act("sources", { turn: on.dataset.turn }); } },
  similar: (on) => act("similar", { id: on.dataset.id }),
  earlier: () => act("open", { id: state.conversation, everything: true }),
  copy: (on) => { copy(on.dataset.copy, word("said.copied")); closeMenus(); },
  export: (on) => act("table", { turn: on.dataset.turn, how: on.dataset.how }),
  why: (on) => { const open = tip && on.getAttribute("aria-expanded") === "true"; hideTip(); if (!open) showTip(on); on.setAttribute("aria-expanded", String(!open)); },
  "scope-paper": (on) => { addChip({ kind: "paper", value: on.dataset.id, label: on.dataset.label }); openSheet(false); $("pc-input").focus(); },
  "add-chip": () => typedChip(),
  "remove-chip": (on) => { state.chips.splice(Number(on.dataset.place), 1); chipsChanged(); },
  "remove-papers": () => { state.chips = state.chips.filter((chip) => chip.kind !== "paper"); chipsChanged(); },
  "clear-chips": () => { state.chips = []; chipsChanged(); },
  summarise: () => gather("summary"),
  compare: () => gather("compare"),
  "toggle-side": () => toggleSide(),
  "close-sheet": () => openSheet(false),
  unfold: (on) => unfold(on.closest(".pc-card")),
};

// A browser makes no click of a mouse's press whose button is drawn anew before it is let go; of a finger's it does.
let pressed = null;
document.addEventListener("pointerdown", (event) => { pressed = event.button === 0 && event.pointerType === "mouse" ? event.target.closest?.("button[data-do]") : null; });
document.addEventListener("pointercancel", () => { pressed = null; });
document.addEventListener("pointerup", (event) => {
  const now = event.target.closest?.("button[data-do]");
  if (now && pressed && !pressed.isConnected && alike(now, pressed)) now.click();
  pressed = null;
});
document.addEventListener("click", (event) => {
  const cite = event.target.closest?.("a.pc-cite");
  if (cite) { event.preventDefault(); hideTip(); return goTo(cite); }
  const on = event.target.closest?.("button[data-do]");
  if (on && doing[on.dataset.do]) doing[on.dataset.do](on);
  if (event.target.closest?.("#pc-tabs button[role=tab]")) setTimeout(sideState);
  if (!wide() && !event.composedPath().some((each) => ["pc-side-column", "pc-side-button"].includes(each.id))) closeSide();
  if (!event.target.closest?.(".pc-menu")) closeMenus();
  else if (on && on.closest(".pc-menu") && on.dataset.do !== "add-chip") closeMenus();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "pc-form") {
    event.preventDefault();
    send();
  } else if (form.dataset.do === "comment") {
    event.preventDefault();
    act("comment", { turn: form.dataset.turn, comment: form.elements.comment.value });
  } else if (form.dataset.do) event.preventDefault();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-do=settings]");
  if (!form) return;
  const chosen = Object.fromEntries([...form.elements].filter((each) => each.name).map((each) => [each.name, each.type === "checkbox" ? each.checked : each.value]));
  if (event.target.name === "theme") theme((state.theme = chosen.theme));
  act("settings", { settings: chosen });
});

let typing = null;
document.addEventListener("input", (event) => {
  if (event.target.id === "pc-input") grow();
  if (event.target.type === "range") event.target.parentElement.querySelector("output").value = event.target.value;
  if (event.target.id !== "pc-search") return;
  clearTimeout(typing);
  typing = setTimeout(() => act("list"), 150);
});

document.addEventListener("keydown", (event) => {
  if (["PageUp", "PageDown", "Home", "ArrowUp"].includes(event.key)) state.follow = false;
  if (event.key === "Escape") { hideTip(); openSheet(false); closeMenus(); if (!wide()) closeSide(); if (state.editing) leaveEditing(); }
  if (event.target.id === "pc-input" && event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  if (event.target.id === "pc-value" && event.key === "Enter") { event.preventDefault(); typedChip(); }
});

function send() {
  const input = $("pc-input"), text = input.value;
  if (!text.trim() || state.job) return;
  const more = state.editing ? { mode: state.editing.mode, turn: state.editing.turn, original: state.editing.original } : {};
  input.value = "";
  grow();
  leaveEditing();
  ask(text, more);
}

function gather(table) {
  const input = $("pc-input"), text = input.value;
  if (state.job) return say(word("said.busy"));
  if (!text.trim() && !state.chips.length && table === "compare") return say(word("ask.nothing"));
  input.value = "";
  grow();
  leaveEditing();
  ask(text, { table });
}

function questionOf(on) { return on.closest(".pc-turn").querySelector(".pc-question").dataset.question; }
function startEditing(on, mode, text) {
  state.editing = { mode, turn: on.dataset.turn, original: questionOf(on) };
  $("pc-editing").hidden = mode !== "edit";
  const input = $("pc-input");
  input.value = text;
  grow();
  input.focus();
}
function leaveEditing() { state.editing = null; if ($("pc-editing")) $("pc-editing").hidden = true; }
function grow() { const input = $("pc-input"); input.style.height = "auto"; input.style.height = `${Math.min(input.scrollHeight, 200)}px`; }
function closeMenus() { document.querySelectorAll("details.pc-menu[open]").forEach((each) => { if (!each.contains(document.activeElement) || each.id !== "pc-limit") each.open = false; }); }

// --- within which papers

const MOST_CHIPS = 3; // single papers; of more, their number is shown

function typedChip() {
  const kind = $("pc-kind").value, value = $("pc-value").value.trim();
  if (!value) return;
  if (kind === "year" && !/^\d{4}\s*([-–]\s*(\d{4})?)?$|^[-–]\s*\d{4}$/.test(value)) return say(word("scope.badyear"));
  $("pc-value").value = "";
  $("pc-limit").open = false;
  addChip({ kind, value, label: `${word("scope." + kind)}: ${value}` });
}
function addChip(chip) {
  if (!state.chips.some((each) => each.kind === chip.kind && each.value === chip.value)) state.chips.push(chip);
  chipsChanged();
}
function chipsChanged() { drawChips(); act("scope", { scope: state.chips }); markThemes(); }
function drawChips() {
  const place = $("pc-chips");
  if (!place) return;
  place.replaceChildren();
  const text = state.chips.length ? word("scope.some", { count: state.count ?? "…", all: state.all ?? "…" }) : word(state.all === 1 ? "scope.all.one" : "scope.all", { count: state.all ?? "" });
  place.append(make("span", { class: "pc-scope-text" }, text));
  const papers = state.chips.filter((chip) => chip.kind === "paper");
  state.chips.forEach((chip, at) => {
    if (chip.kind === "paper" && papers.length > MOST_CHIPS) return;
    const shown = make("span", { class: "pc-chip" });
    shown.append(make("span", { dir: "auto" }, chip.label || chip.value), make("button", { type: "button", "data-do": "remove-chip", "data-place": at, "data-value": `${chip.kind}:${chip.value}`, "aria-label": word("scope.remove", { label: chip.label || chip.value }) }, "×"));
    place.append(shown);
  });
  if (papers.length > MOST_CHIPS) {
    const shown = make("span", { class: "pc-chip", title: papers.map((chip) => chip.label || chip.value).join("\n") });
    shown.append(make("span", {}, word("scope.papers", { count: papers.length })), make("button", { type: "button", "data-do": "remove-papers", "aria-label": word("scope.remove", { label: word("scope.papers", { count: papers.length }) }) }, "×"));
    place.append(shown);
  }
  if ($("pc-export")) $("pc-export").hidden = !state.chips.length;
  if (state.chips.length) place.append(make("button", { type: "button", "data-do": "clear-chips", class: "pc-quiet" }, word("scope.clear")));
  if (state.chips.length && state.count === 0) place.append(make("span", { class: "pc-notice", role: "status" }, word("scope.nothing")));
}
function fillValues(values) { state.values = values; offer(); }
function offer() {
  $("pc-values")?.replaceChildren(...((state.values || {})[$("pc-kind").value] || []).map((value) => make("option", { value })));
}
document.addEventListener("change", (event) => { if (event.target.id === "pc-kind") offer(); });
document.addEventListener("paperchat:scope", (event) => {
  const named = event.detail?.collection;
  state.chips = named ? [{ kind: "collection", value: String(named), label: `${word("scope.collection")}: ${named}` }]
    : (event.detail?.papers || []).map((paper) => ({ kind: "paper", value: String(paper.id), label: String(paper.title || "") }));
  showTab();
  chipsChanged();
});
document.addEventListener("paperchat:ask", (event) => ask(String(event.detail?.question || "")));

document.addEventListener("paperchat:refused", () => { if (state.job) { giveBack(askedNow()); $("pc-asked")?.remove(); busy(false); say(word("said.refused")); } });

// --- the rest of the page

const askTab = () => document.querySelector("#pc-tabs button[role=tab]");
const atAsk = () => askTab()?.getAttribute("aria-selected") === "true";
function showTab() { if (askTab() && !atAsk()) askTab().click(); }
// The end of the answer comes into view, never so far that its question leaves it; who scrolls meanwhile is left alone.
function toEnd(always) {
  const scroller = phone() ? document.scrollingElement : $("pc-chat-scroll"), last = [...document.querySelectorAll("#pc-chat-scroll .pc-turn")].pop();
  if (always) state.follow = true;
  if (!scroller || !last || !state.follow) return;
  const top = last.getBoundingClientRect().top + scroller.scrollTop - (phone() ? 66 : scroller.getBoundingClientRect().top + 20);
  scroller.scrollTop = Math.min(scroller.scrollHeight, top);
}
for (const way of ["wheel", "touchmove", "pointerdown"]) {
  document.addEventListener(way, (event) => { if (way !== "pointerdown" || event.target.id === "pc-chat-scroll") state.follow = false; }, { passive: true });
}
const onAnswer = new MutationObserver(() => { if (state.job) { if ($("pc-live").querySelector(".pc-turn")) $("pc-asked")?.remove(); toEnd(false); } });

function toggleSide() {
  const shown = !sideShown();
  showTab();
  document.body.classList.toggle(wide() ? "pc-side-closed" : "pc-side-open", wide() ? !shown : shown);
  sideState();
  if (shown) document.querySelector("#pc-side-column button")?.focus(); // not the search field: a phone would cover the list with its keyboard
}
const sideShown = () => atAsk() && (wide() ? !document.body.classList.contains("pc-side-closed") : document.body.classList.contains("pc-side-open"));
function closeSide() { document.body.classList.remove("pc-side-open"); sideState(); }
function sideState() { $("pc-side-button")?.setAttribute("aria-expanded", String(sideShown())); }

function theme(name) {
  const dark = name === "dark" || (name !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.body.classList.toggle("dark", dark);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
}

function say(text) {
  if (!text) return;
  let box = $("pc-toast");
  if (!box) { box = make("div", { id: "pc-toast", role: "status", "aria-live": "polite" }); root.append(box); }
  box.textContent = text;
  box.classList.add("pc-on");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => box.classList.remove("pc-on"), 6000);
}

async function copy(text, told) {
  try { await navigator.clipboard.writeText(text); }
  catch {
    // Without https a browser gives no clipboard: the old way still works.
    const area = make("textarea", { style: "position:fixed;opacity:0" });
    area.value = text;
    root.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(told);
}

function download(name, text) {
  const link = make("a", { download: name, href: URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" })) });
  root.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// A server that is gone is told, and so is its return; a question that was on its way is given back to be asked again.
async function pulse() {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), 4000);
  try {
    const there = await fetch("healthz", { cache: "no-store", signal: patience.signal });
    if (!there.ok) throw new Error(there.status);
    const { run } = await there.json();
    const restarted = state.run && state.run !== run;
    if (state.lost || restarted) { state.lost = false; document.body.classList.remove("pc-lost"); sessionStorage.setItem("pc-back", Date.now()); say(word("said.back")); if (state.job) broken(); state.moving = 0; act("start", { conversation: state.conversation, again: true }); }
    state.run = run;
  } catch {
    if (!state.lost) { state.lost = true; sessionStorage.setItem("pc-back", Date.now() + 3600000); document.body.classList.add("pc-lost"); say(word("said.gone")); if (state.job) broken(); }
    if (state.lost) say(word("said.gone"));
  } finally { clearTimeout(timer); }
}
function broken() {
  giveBack(askedNow());
  $("pc-asked")?.remove();
  busy(false);
  document.querySelectorAll("#pc-live .pc-wait").forEach((each) => each.remove());
  sessionStorage.setItem("pc-draft", $("pc-input").value);
  say(word("said.broken"));
}

// The other parts of the page may come after this one.
function begin() {
  if (!["pc-sources", "pc-live", "pc-thread", "pc-form", "pc-search", "pc-home"].every($)) return requestAnimationFrame(begin);
  onSources.observe($("pc-sources"), { childList: true, subtree: true, attributes: true, attributeFilter: ["id", "data-paper"] });
  new MutationObserver(dressHome).observe($("pc-home"), { childList: true, subtree: true });
  onRedraw.observe($("pc-ask"), { childList: true, subtree: true });
  onAnswer.observe($("pc-live"), { childList: true, subtree: true, characterData: true });
  watch("value", heard);
  heard();
  $("pc-thread").setAttribute("role", "log");
  $("pc-thread").setAttribute("aria-label", word("thread.label"));
  document.body.setAttribute("data-paperchat", "ready");
  sideState();
  pulse();
  setInterval(() => { if (!document.hidden || state.job) pulse(); }, 3000);
  // Gradio loads the page anew when another server answers: what was typed comes along.
  const draft = sessionStorage.getItem("pc-draft");
  if (draft && !$("pc-input").value) { $("pc-input").value = draft; grow(); }
  if (Date.now() - Number(sessionStorage.getItem("pc-back") || 0) < 30000) say(word("said.back"));
  sessionStorage.removeItem("pc-draft");
  sessionStorage.removeItem("pc-back");
  const here = new URLSearchParams(location.search);
  act("start", { conversation: here.get("c") || "", share: here.get("share") || "" });
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => theme(state.theme || "system"));
