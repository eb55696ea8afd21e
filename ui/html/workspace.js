// The Workspace tab: its parts side by side, what they share, and evidence tables. What the server sends is safe HTML; what people typed goes
// back as values. `element` and `server` come from Gradio. It runs outside of the tab, which Gradio draws only when it is first looked at: a
// shared link, a key or a selected text may need it before. So the frame is made here, and goes into the tab once that is there.

const $ = (id) => document.getElementById(id);
const root = Object.assign(document.createElement("div"), { id: "pw-frame", className: "pw" });
const state = { words: {}, part: "tables", table: "", title: "", job: "", seen: 0, sort: ["", 0], given: null, token: "", note: "" };
const word = (name, values = {}) => (state.words[name] || name).replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);

async function call(name, asked = {}) {
  let told;
  try { told = await server[name]({ ...asked, language: document.documentElement.lang || "" }); }
  catch { /* told below */ }
  told ??= { error: word("papers.said.offline") }; // Gradio gives nothing where the connection broke
  if (told.error) say(told.error);
  return told;
}

function say(text) {
  let box = $("pw-said");
  if (!box) { box = document.createElement("div"); box.id = "pw-said"; box.setAttribute("role", "status"); (element.closest(".gradio-container") || document.body).append(box); }
  box.textContent = text;
  box.classList.add("pw-on");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => box.classList.remove("pw-on"), 6000);
}

function download({ name, text }) {
  const link = Object.assign(document.createElement("a"), { download: name, href: URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" })) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// Asks how far a job is until it is finished; `shown` is told each time. Resolves to the last word.
async function follow(name, job, shown) {
  for (let seen = 0; ;) {
    const now = await call(name, { job, seen });
    if (now.error && !("done" in now)) return now;
    shown(now);
    seen = now.done;
    if (now.finished) return now;
    await new Promise((go) => setTimeout(go, 350));
  }
}

function show(part) {
  state.part = part;
  root.querySelectorAll(".pw-part").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.part === part)));
  root.querySelectorAll("[data-view]").forEach((each) => { each.hidden = each.dataset.view !== part; });
  opening[part]?.();
}

const front = () => document.querySelector("#pc-tab-workspace-button")?.click();
const opening = { tables: () => listTables() };
const doing = { "pw-part": (on) => show(on.dataset.part) };
const submitting = {};

// --- evidence tables

const rows = () => [...root.querySelectorAll("#pw-rows > tr")];
const heads = () => [...root.querySelectorAll(".pw-table thead th[data-column]")];

async function listTables() {
  const told = await call("tables");
  if (told.error) return;
  $("pw-tables").innerHTML = told.html;
  if (!$("pw-new-table")) { $("pw-form").innerHTML = told.form; formChanged(); }
}

function formChanged() {
  const form = $("pw-new-table"), by = state.given ? "ids" : form.elements.by.value;
  $("pw-by-label").hidden = Boolean(state.given);
  form.querySelectorAll("[data-by]").forEach((each) => { each.hidden = each.dataset.by !== by; });
  $("pw-given").hidden = !state.given;
  if (state.given) $("pw-given").textContent = word("table.given", { count: state.given.length });
  if (by === "theme" && !form.elements.theme.options.length) call("themes").then((told) => { if (told.html) form.elements.theme.innerHTML = told.html; });
}

function columnsOf(form) {
  const ticked = [...form.querySelectorAll("[name=column]:checked")].map((each) => each.value);
  return [...ticked, ...form.elements.own.value.split(/[;\n]/).map((each) => each.trim()).filter(Boolean)];
}

async function newTable(form) {
  const chosen = form.elements, ids = state.given?.map((each) => each.id);
  const by = ids ? "ids" : chosen.by.value, label = by === "theme" ? chosen.theme.selectedOptions[0]?.textContent : "";
  const asked = { by, ids, label, question: by === "question" ? chosen.question.value : "", limit: Number(chosen.limit.value) || 20, collection: by === "collection" ? chosen.collection.value : "", theme: chosen.theme.value, columns: columnsOf(form), project: state.project || "" };
  const told = await call("new_table", asked);
  if (told.error) return;
  state.given = null;
  shownTable(told);
  fill(told.job);
}

function shownTable(told) {
  state.table = told.id || "";
  state.title = told.title || "";
  state.sort = ["", 0];
  $("pw-table").innerHTML = told.html;
  root.classList.add("pw-reading-table");
  root.querySelector(".pw-title h3")?.focus({ preventScroll: true });
  arrangedView();
}

async function openTable(id) {
  const told = await call("table", { id });
  if (!told.error) shownTable(told);
}

async function fill(job, whole = false) {
  state.job = job;
  const box = $("pw-filling"), bar = box.querySelector("progress"), id = state.table;
  box.hidden = false;
  const last = await follow("filling", job, (now) => {
    if (state.table !== id || !$("pw-filling")) return;
    bar.max = now.total; bar.value = now.done;
    box.querySelector("span").textContent = now.said;
    if (!whole && now.rows) { $("pw-rows").insertAdjacentHTML("beforeend", now.rows); arrangedView(); }
  });
  if (state.job === job) state.job = "";
  if (state.table !== id) return;
  box.hidden = true;
  if (whole || last.error) openTable(id);
}

// What the view itself keeps in order: names of columns on phones, hidden cells, the filter, the count.
function arrangedView() {
  const columns = heads(), wanted = ($("pw-filter")?.value || "").toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows()) {
    [...row.querySelectorAll("td")].forEach((cell, place) => { cell.dataset.label = columns[place]?.querySelector(".pw-sort").textContent || ""; cell.hidden = columns[place]?.hidden || false; });
    const text = row.textContent.toLowerCase();
    row.hidden = !wanted.every((each) => text.includes(each));
    shown += !row.hidden;
  }
  $("pw-rows-count").textContent = word(rows().length === 1 ? "table.count.one" : "table.count", { count: shown, all: rows().length });
  const hidden = columns.filter((each) => each.hidden);
  $("pw-hidden").replaceChildren(...hidden.map((each) => Object.assign(document.createElement("button"), { type: "button", className: "pw-show", textContent: `+ ${each.querySelector(".pw-sort").textContent}`, onclick: () => { each.hidden = false; arranged(); } })));
  columns.forEach((each) => each.setAttribute("aria-sort", each.dataset.column === state.sort[0] && state.sort[1] ? (state.sort[1] > 0 ? "ascending" : "descending") : "none"));
}

function arranged() {
  arrangedView();
  if (!state.table || state.job) return;
  const names = (hidden) => heads().filter((each) => each.hidden === hidden).map((each) => each.dataset.column);
  call("arrange", { id: state.table, rows: rows().map((each) => each.dataset.paper), columns: heads().map((each) => each.dataset.column), hidden: names(true) });
}

function sort(column) {
  const way = state.sort[0] === column && state.sort[1] ? -state.sort[1] : 1, place = heads().findIndex((each) => each.dataset.column === column);
  state.sort = [column, way];
  const of = (row) => (place < 0 ? row.dataset.title : row.querySelectorAll("td")[place].querySelector("q")?.textContent.toLowerCase() ?? null);
  const ordered = rows().map((row) => [of(row), row]).sort(([one], [other]) => (one === null) - (other === null) || (one !== null && other !== null ? way * one.localeCompare(other, undefined, { numeric: true }) : 0));
  $("pw-rows").append(...ordered.map(([, row]) => row));
  arranged();
}

function move(column, by) {
  const shown = heads().filter((each) => !each.hidden), place = shown.findIndex((each) => each.dataset.column === column), other = shown[place + by];
  if (!other) return;
  const all = heads(), from = all.indexOf(shown[place]), to = all.indexOf(other), swap = (list) => (by < 0 ? list[to].before(list[from]) : list[to].after(list[from]));
  swap(all);
  for (const row of rows()) swap([...row.querySelectorAll("td")]);
  arranged();
}

async function openCell(on) {
  const row = on.closest("tr"), told = await call("cell", { id: state.table, token: state.token, paper: row.dataset.paper });
  if (told.error) return;
  const drawer = $("pw-paper");
  drawer.innerHTML = told.html;
  drawer.hidden = false;
  root.querySelectorAll(".pw-current").forEach((each) => each.classList.remove("pw-current"));
  (on.closest("td") || row).classList.add("pw-current");
  state.from = on;
  const mark = on.dataset.start && drawer.querySelector(`mark[data-start="${on.dataset.start}"]`);
  if (mark) { mark.classList.add("pw-this"); mark.scrollIntoView({ block: "center" }); }
  drawer.querySelector("h3").focus({ preventScroll: true });
}

function closePaper() {
  $("pw-paper").hidden = true;
  root.querySelectorAll(".pw-current").forEach((each) => each.classList.remove("pw-current"));
  state.from?.focus?.();
}

async function shareLink(name, asked, param) {
  const told = await call(name, asked);
  if (told.error) return;
  const url = new URL(location.pathname, location.href);
  url.searchParams.set(param, told.token);
  try { await navigator.clipboard.writeText(url.href); say(word("work.link")); }
  catch { prompt(word("work.link"), url.href); }
}

function backToTables() {
  root.classList.remove("pw-reading-table");
  $("pw-table").replaceChildren();
  $("pw-paper").hidden = true;
  state.table = "";
  listTables();
}

Object.assign(doing, {
  "pw-open-table": (on) => openTable(on.dataset.id),
  "pw-back": backToTables,
  "pw-stop": () => call("stop_filling", { job: state.job }),
  "pw-sort": (on) => sort(on.dataset.column),
  "pw-column-left": (on) => move(on.dataset.column, -1),
  "pw-column-right": (on) => move(on.dataset.column, 1),
  "pw-column-hide": (on) => { on.closest("th").hidden = true; arranged(); },
  "pw-remove-row": (on) => { on.closest("tr").remove(); arranged(); },
  "pw-cell": openCell,
  "pw-close-paper": closePaper,
  "pw-export-table": async (on) => { const told = await call("export_table", { id: state.table, how: on.dataset.how }); if (!told.error) download(told); },
  "pw-rename-table": async () => { const title = prompt(word("table.said.rename"), state.title); const told = title?.trim() ? await call("rename_table", { id: state.table, title }) : {}; if (told.title) { state.title = told.title; root.querySelector(".pw-title h3").textContent = told.title; } },
  "pw-share-table": () => shareLink("share_document", { id: state.table }, "table"),
  "pw-delete-table": async () => { if (confirm(word("table.said.delete")) && !(await call("delete_document", { id: state.table })).error) backToTables(); },
  "pw-ask": (on) => document.dispatchEvent(new CustomEvent("paperchat:scope", { detail: { papers: [{ id: on.dataset.id, title: on.dataset.title }] } })),
});
Object.assign(submitting, {
  "pw-new-table": newTable,
  "pw-add-rows": async (form) => { const told = await call("add_rows", { id: state.table, by: "question", question: form.elements.question.value, limit: 20 }); if (!told.error) { form.reset(); form.closest("details").open = false; fill(told.job); } },
  "pw-add-column": async (form) => { const told = await call("add_column", { id: state.table, column: form.elements.column.value }); if (!told.error) { form.reset(); form.closest("details").open = false; fill(told.job, true); } },
});
