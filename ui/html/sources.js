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
