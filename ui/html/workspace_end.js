// --- what people do

root.addEventListener("click", (event) => {
  const on = event.target.closest("button[data-do]");
  if (on && doing[on.dataset.do]) { on.closest(".pc-menu")?.removeAttribute("open"); doing[on.dataset.do](on); }
  root.querySelectorAll(".pc-menu[open]").forEach((each) => { if (!each.contains(event.target)) each.open = false; });
});
root.addEventListener("submit", (event) => { event.preventDefault(); submitting[event.target.id]?.(event.target); });
root.addEventListener("input", (event) => { if (event.target.id === "pw-filter") arrangedView(); });
root.addEventListener("change", (event) => { if (event.target.name === "by") formChanged(); });
root.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = root.querySelector(".pc-menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  else if (!$("pw-paper").hidden) closePaper();
});
// Another tab brings papers for a table, or a text to check.
document.addEventListener("paperchat:table", async (event) => {
  state.given = (event.detail?.papers || []).filter((each) => each?.id);
  front();
  await started;
  show("tables");
  backToTables();
  if (!state.given.length) state.given = null;
  if ($("pw-new-table")) formChanged();
});

async function begin() {
  const told = await call("workspace");
  if (told.error) return setTimeout(begin, 2000);
  state.words = told.words;
  state.language = document.documentElement.lang;
  root.innerHTML = told.frame;
  show(state.part);
  if (state.table) openTable(state.table);
  const token = new URL(location.href).searchParams.get("table");
  if (token && !state.token) {
    state.token = token;
    const shared = await call("shared_table", { token });
    if (!shared.error) shownTable(shared);
  }
  root.setAttribute("data-ready", "true");
  ready();
}

// Nothing is asked before the tab is looked at; another language draws the frame anew.
let begun = false, ready = () => {};
const started = new Promise((go) => { ready = go; });
new IntersectionObserver((seen) => { if (!begun && seen.some((each) => each.isIntersecting)) { begun = true; begin(); } }).observe(root);
const settle = () => { const home = $("pw-home"); if (home && !home.contains(root)) home.append(root); };
new MutationObserver(settle).observe(document.body, { childList: true, subtree: true });
settle();
new MutationObserver(() => { if (begun && document.documentElement.lang !== state.language) begin(); }).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
const bring = () => { if (begun) return; front(); setTimeout(bring, 300); };
if (new URL(location.href).searchParams.get("table")) bring();
