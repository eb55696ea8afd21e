// The Papers tab. What the server sends is safe HTML; what people typed goes back as values. `element`, `server` and `upload` come from Gradio.

const $ = (id) => document.getElementById(id);
const root = element.querySelector("#pp-frame") || element;
const state = { text: "", offset: 0, turn: 0, chosen: new Map(), open: "", view: "list", words: {}, shown: null, points: null, drawnFor: null, group: null };
const MOST_ASKED = 200;
const wide = () => matchMedia("(min-width: 900px)").matches;
const word = (name, values = {}) => (state.words[`papers.said.${name}`] || name).replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);

async function call(name, asked = {}) {
  let told;
  try { told = await server[name]({ ...asked, language: document.documentElement.lang || "" }); }
  catch { /* told below */ }
  told ??= { error: word("offline"), offline: true }; // Gradio gives nothing where the connection broke
  if (told.error && name !== "progress") say(told.error);
  return told;
}

function say(text, undo) {
  let box = $("pp-said");
  if (!box) { box = document.createElement("div"); box.id = "pp-said"; box.setAttribute("role", "status"); (element.closest(".gradio-container") || document.body).append(box); }
  box.replaceChildren(Object.assign(document.createElement("span"), { textContent: text }));
  if (undo) box.append(Object.assign(document.createElement("button"), { type: "button", textContent: word("undo"), onclick: () => takeBack(undo) }));
  box.classList.add("pp-on");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => box.classList.remove("pp-on"), undo ? 15000 : 6000);
}

// --- the list

function filters() {
  const form = $("pp-filters");
  return { text: $("pp-text").value, ...Object.fromEntries(["order", "first_year", "last_year", "author", "venue", "collection"].map((name) => [name, form.elements[name].value])) };
}

async function list(offset = 0) {
  const turn = ++state.turn;
  const told = await call("browse", { ...filters(), offset });
  if (turn !== state.turn || told.error) return; // a later question is on its way
  if (offset) $("pp-rows").insertAdjacentHTML("beforeend", told.rows);
  else $("pp-rows").innerHTML = told.rows;
  $("pp-more").innerHTML = told.more;
  $("pp-count").textContent = told.count;
  state.offset = offset + 50;
  state.shown = told.shown && new Set(told.shown);
  $("pp-collection-bar").hidden = !inside();
  mark();
  if (state.view === "map") draw();
}

function mark() {
  root.querySelectorAll(".pp-row").forEach((row) => {
    const id = row.dataset.id;
    row.querySelector("input").checked = state.chosen.has(id);
    row.classList.toggle("pp-current", id === state.open);
  });
  const count = state.chosen.size;
  $("pp-selection").hidden = !count;
  if (count) $("pp-selected").textContent = word(count === 1 ? "selected.one" : "selected", { count });
}

let typing = null;
const soon = (event) => { clearTimeout(typing); typing = setTimeout(() => list(), event.target.id === "pp-text" ? 120 : 250); };

// --- one paper

async function open(id, focus = true) {
  state.open = id;
  mark();
  const told = await call("paper", { id });
  if (state.open !== id || told.error) return;
  const place = $("pp-paper");
  place.innerHTML = told.html;
  place.scrollTop = 0;
  root.classList.add("pp-reading");
  if (focus) place.querySelector("h3")?.focus({ preventScroll: wide() });
  if (state.view === "map") draw();
}

function close() {
  root.classList.remove("pp-reading");
  const row = root.querySelector(`.pp-row[data-id="${CSS.escape(state.open)}"] .pp-title`);
  row?.focus();
}

function askAbout(papers) {
  if (papers.length > MOST_ASKED) return say(word("toomany", { count: MOST_ASKED }));
  root.classList.remove("pp-reading");
  document.dispatchEvent(new CustomEvent("paperchat:scope", { detail: { papers } }));
}

async function remove(ids) {
  const told = await call("remove", { ids });
  if (told.error) return;
  ids.forEach((id) => state.chosen.delete(id));
  if (ids.includes(state.open)) { state.open = ""; root.classList.remove("pp-reading"); $("pp-paper").innerHTML = `<p class="pc-none"></p>`; $("pp-paper").firstChild.textContent = word("choose"); }
  changed();
  say(told.said, told.undo);
}

async function takeBack(undo) {
  const told = await call("undo", { undo });
  if (told.error) return;
  changed();
  say(told.said);
}

async function undoImport(on) {
  on.disabled = true;
  const told = await call("undo_import", { batch: Number(on.dataset.batch) });
  if (told.error) return (on.disabled = false);
  $("pp-report").replaceChildren();
  changed();
  say(told.said);
}

function changed() {
  state.points = null;
  document.dispatchEvent(new Event("paperchat:papers"));
  list();
  if (state.view === "map") map();
}

async function exportAs(how) {
  const told = await call("export", { how, ids: [...state.chosen.keys()] });
  if (told.error) return;
  saveAs(new Blob([told.text], { type: "text/plain;charset=utf-8" }), told.name);
}

function saveAs(blob, name) {
  const link = Object.assign(document.createElement("a"), { download: name, href: URL.createObjectURL(blob) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// --- collections

const inside = () => $("pp-inside").value;

function choices(told, shown) {
  $("pp-inside").innerHTML = told.options;
  $("pp-inside").value = shown;
  $("pp-collections").innerHTML = told.names;
}

async function collection(name, asked) {
  const told = await call(name, asked);
  if (told.error) return;
  const shown = told.name ?? (name === "remove_collection" ? "" : inside());
  choices(told, shown);
  say(told.said);
  list();
  if (state.open) open(state.open, false);
}

// The chosen collection, or the whole library, with its vectors: the browser saves what the server sends.
async function save() {
  const on = root.querySelector("[data-do=pp-save]"), name = inside();
  on.disabled = true;
  try {
    const reply = await fetch(`api/collection${name ? `?name=${encodeURIComponent(name)}` : ""}`, { cache: "no-store" });
    if (!reply.ok) return say((await reply.json()).detail);
    const said = reply.headers.get("content-disposition") || "", called = /filename\*=UTF-8''([^;]+)/.exec(said);
    saveAs(await reply.blob(), called ? decodeURIComponent(called[1]) : "collection.paperchat");
  } catch { say(word("offline")); } finally { on.disabled = false; }
}

const chosenInto = (name) => collection(name, { name: $("pp-collection").value, ids: [...state.chosen.keys()] });

// --- adding

async function addFiles(files) {
  if (!files.length) return;
  working(true, word("uploading"));
  const sent = [];
  for (const file of files) {
    try { sent.push({ name: file.name, path: (await upload(file)).path }); }
    catch { say(word("toolarge", { name: file.name })); }
  }
  if (!sent.length) return working(false);
  follow(await call("add_files", { files: sent, preview: true }));
}

// What only names papers comes back as a question: nothing goes online before it is answered.
async function addText(how) {
  working(true, word("reading"));
  const told = await call(how, { text: $("pp-pasted").value, preview: true });
  if (told.confirm) { working(false); $("pp-report").innerHTML = told.confirm; return $("pp-report").querySelector("button").focus(); }
  follow(told);
}

function adding(on) {
  $("pp-adding").hidden = !on;
  root.querySelector("[data-do=pp-add]")?.setAttribute("aria-expanded", String(on));
}

// What a preview shows is added, or it is not: either way it is decided once.
async function decide(how, on) {
  working(true, word("reading"));
  const told = await call(how, { job: on.dataset.job });
  if (told.job) { $("pp-pasted").value = ""; return follow(told); }
  working(false);
  say(told.said || told.error || "");
}

// An import goes on without the page: drawn anew, it follows the import again, or tells that the server was restarted in it until somebody closes this.
async function follow(told) {
  if (told.error) return working(false);
  working(true, word("reading"));
  sessionStorage.setItem("pp-job", told.job);
  for (;;) {
    const now = await call("progress", { job: told.job });
    if (now.offline) { await new Promise((go) => setTimeout(go, 2000)); continue; }
    if (now.finished) sessionStorage.removeItem("pp-job");
    if (now.error) { working(false); return $("pp-report").replaceChildren(Object.assign(document.createElement("p"), { className: "pc-notice pc-error", textContent: now.error })); }
    if (now.finished) {
      working(false);
      $("pp-report").innerHTML = now.html;
      if (now.options) choices(now, inside());
      return now.preview ? $("pp-report").querySelector("[data-do=pp-preview-add]")?.focus() : changed();
    }
    working(true, now.said);
    const bar = root.querySelector("#pp-progress progress");
    if (now.total) { bar.max = now.total; bar.value = now.done; } else bar.removeAttribute("value");
    await new Promise((go) => setTimeout(go, 300));
  }
}

function working(on, text = "") {
  const box = $("pp-progress");
  box.hidden = !on;
  box.querySelector("span").textContent = text;
  if (on) $("pp-report").replaceChildren();
}

// --- what people do

const doing = {
  "pp-list": () => show("list"),
  "pp-map": () => show("map"),
  "pp-open": (on) => open(on.dataset.id),
  "pp-back": () => close(),
  "pp-more": () => list(state.offset),
  "pp-ask": (on) => askAbout([{ id: on.dataset.id, title: on.dataset.title }]),
  "pp-ask-selected": () => askAbout([...state.chosen].map(([id, title]) => ({ id, title }))),
  "pp-table-selected": () => document.dispatchEvent(new CustomEvent("paperchat:table", { detail: { papers: [...state.chosen].map(([id, title]) => ({ id, title })) } })),
  "pp-export": (on) => exportAs(on.dataset.how),
  "pp-remove": (on) => remove([on.dataset.id]),
  "pp-remove-selected": () => remove([...state.chosen.keys()]),
  "pp-put": () => chosenInto("collect"),
  "pp-take": () => chosenInto("uncollect"),
  "pp-save": () => save(),
  "pp-ask-inside": () => document.dispatchEvent(new CustomEvent("paperchat:scope", { detail: { collection: inside() } })),
  "pp-rename": () => collection("rename_collection", { name: inside(), new: $("pp-new-name").value }).then(() => { $("pp-new-name").value = ""; }),
  "pp-uncollect": () => collection("remove_collection", { name: inside() }),
  "pp-undo-import": undoImport,
  "pp-preview-add": (on) => decide("add_looked", on),
  "pp-preview-cancel": (on) => decide("drop_looked", on),
  "pp-fetch": () => addText("fetch_text"),
  "pp-offline": () => { $("pp-report").replaceChildren(); $("pp-pasted").focus(); },
  "pp-unselect": () => { state.chosen.clear(); mark(); },
  "pp-clear": () => { $("pp-filters").reset(); $("pp-text").value = ""; list(); },
  "pp-add": () => { sessionStorage.removeItem("pp-job"); adding($("pp-adding").hidden); },
  "pp-in": () => zoom(1.5),
  "pp-out": () => zoom(1 / 1.5),
  "pp-whole": () => zoom(0.001),
  "pp-group": (on) => group(Number(on.dataset.group), on),
};

root.addEventListener("click", (event) => {
  const on = event.target.closest("button[data-do]");
  if (on && doing[on.dataset.do]) doing[on.dataset.do](on);
});
root.addEventListener("input", (event) => { if (event.target.id === "pp-text" || event.target.closest("#pp-filters")) soon(event); });
root.addEventListener("change", (event) => {
  const on = event.target;
  if (on.id === "pp-files") { addFiles([...on.files]); on.value = ""; }
  else if (on.dataset.id) { on.checked ? state.chosen.set(on.dataset.id, on.dataset.title) : state.chosen.delete(on.dataset.id); mark(); if (state.view === "map") draw(); }
});
root.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (event.target.id !== "pp-paste" || !$("pp-pasted").value.trim()) return;
  addText("add_text");
});
root.addEventListener("keydown", (event) => { if (event.key === "Escape" && root.classList.contains("pp-reading")) close(); });
for (const name of ["dragenter", "dragover", "dragleave", "drop"]) root.addEventListener(name, (event) => {
  const drop = event.target.closest?.("#pp-drop");
  if (!drop) return;
  event.preventDefault();
  drop.classList.toggle("pp-over", name === "dragenter" || name === "dragover");
  if (name === "drop") addFiles([...event.dataTransfer.files]);
});
document.addEventListener("paperchat:paper", (event) => { const id = String(event.detail?.id || ""); if (id) open(id); });

async function begin() {
  const kept = $("pp-text") ? filters() : null;
  const told = await call("start");
  if (told.error) return setTimeout(begin, 2000);
  state.words = told.words;
  root.innerHTML = told.frame;
  if (kept) for (const [name, value] of Object.entries(kept)) (name === "text" ? $("pp-text") : $("pp-filters").elements[name]).value = value;
  $("pp-filter-box").open = wide();
  onMap();
  await list();
  show(state.view);
  root.setAttribute("data-ready", "true");
  const job = sessionStorage.getItem("pp-job");
  if (job) { adding(true); follow({ job }); }
}

// Nothing is asked before the tab is looked at; another language draws the frame anew.
let begun = false;
new IntersectionObserver((seen) => { if (!begun && seen.some((each) => each.isIntersecting)) { begun = true; begin(); } else if (begun && seen.some((each) => each.isIntersecting) && root.dataset.ready) list(); }).observe(element);
new MutationObserver(() => { if (begun) begin(); }).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
