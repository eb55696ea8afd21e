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
const onAnswer = new MutationObserver(() => { state.news = performance.now(); if (state.job) { if ($("pc-live").querySelector(".pc-turn")) $("pc-asked")?.remove(); toEnd(false); } });

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
// One that takes the connection and does not answer is busy, and counts as gone only after several times.
// Gradio's stream of news ends while nothing is asked. A question that reaches the server just before that end is answered, and the answer waits there until the stream is opened anew, as any event does.
const MOST_UNANSWERED = 8, SILENCE = 4000;
function listen() {
  if (!(state.job || state.moving) || performance.now() - state.news < SILENCE) return;
  state.news = performance.now();
  trigger("act", { do: "listen" });
}
async function pulse() {
  if (state.pulsing) return;
  state.pulsing = true;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), 4000);
  try {
    const there = await fetch("healthz", { cache: "no-store", signal: patience.signal });
    if (!there.ok) throw new Error(there.status);
    const { run } = await there.json();
    const restarted = state.run && state.run !== run;
    if (state.lost || restarted) { state.lost = false; document.body.classList.remove("pc-lost"); sessionStorage.setItem("pc-back", Date.now()); say(word("said.back")); if (state.job) broken(); state.moving = 0; act("start", { conversation: state.conversation, again: true }); }
    state.run = run;
    state.unanswered = 0;
  } catch (error) {
    state.unanswered = error.name === "AbortError" ? (state.unanswered || 0) + 1 : MOST_UNANSWERED;
    if (state.unanswered < MOST_UNANSWERED) return;
    if (!state.lost) { state.lost = true; sessionStorage.setItem("pc-back", Date.now() + 3600000); document.body.classList.add("pc-lost"); say(word("said.gone")); if (state.job) broken(); }
    if (state.lost) say(word("said.gone"));
  } finally { clearTimeout(timer); state.pulsing = false; }
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
  if (!["pc-head", "pc-sources", "pc-live", "pc-thread", "pc-form", "pc-search", "pc-home"].every($)) return requestAnimationFrame(begin);
  onSources.observe($("pc-sources"), { childList: true, subtree: true, attributes: true, attributeFilter: ["id", "data-paper"] });
  new MutationObserver(dressHome).observe($("pc-home"), { childList: true, subtree: true });
  onRedraw.observe($("pc-ask"), { childList: true, subtree: true });
  new MutationObserver(sideState).observe($("pc-head"), { childList: true, subtree: true }); // drawn anew, its button says "closed"
  onAnswer.observe($("pc-live"), { childList: true, subtree: true, characterData: true });
  watch("value", heard);
  heard();
  $("pc-thread").setAttribute("role", "log");
  $("pc-thread").setAttribute("aria-label", word("thread.label"));
  document.body.setAttribute("data-paperchat", "ready");
  document.dispatchEvent(new Event("paperchat:ready"));
  sideState();
  pulse();
  setInterval(() => { if (!document.hidden || state.job) pulse(); listen(); }, 3000);
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
