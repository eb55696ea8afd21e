// What the page does by itself: it hears every button (`data-do`), shows quotes, and talks with the server by two events, 'ask' and 'act'. This file and those after it (`SCRIPTS` of parts.py) are one script.
// Runs once, as the `js_on_load` of the bridge, which gives `element`, `trigger`, `props` and `watch`.
const state = { conversation: "", job: "", chips: [], editing: null, pending: null, words: {}, shown: "", lost: false, moving: 0, since: 0, news: 0, next: null, waiting: null, follow: false, writing: new Map(), settings: false };
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
    state.since = state.news = performance.now();
  }
  trigger("act", { do: what, conversation: state.conversation, shown: state.shown, words: $("pc-search")?.value || "", ...more });
}

function ask(question, more = {}) {
  question = question.trim();
  if (!question && !more.table) return;
  if (state.job) return say(word("said.busy"));
  state.job = secret();
  state.news = performance.now();
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
  state.news = performance.now();
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
    if (state.chips.length && !told.chips) act("scope", { scope: state.chips }); // what was told counts all papers
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
  if (url.href !== location.href) history.replaceState(null, "", url);
}
