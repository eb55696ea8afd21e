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
  catch { told = { error: word("offline") }; }
  if (told.error) say(told.error);
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
  list();
  if (state.view === "map") map();
}

async function exportAs(how) {
  const told = await call("export", { how, ids: [...state.chosen.keys()] });
  if (told.error) return;
  const link = Object.assign(document.createElement("a"), { download: told.name, href: URL.createObjectURL(new Blob([told.text], { type: "text/plain;charset=utf-8" })) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// --- collections

const inside = () => $("pp-inside").value;

async function collection(name, asked) {
  const told = await call(name, asked);
  if (told.error) return;
  const shown = told.name ?? (name === "remove_collection" ? "" : inside());
  $("pp-inside").innerHTML = told.options;
  $("pp-inside").value = shown;
  $("pp-collections").innerHTML = told.names;
  say(told.said);
  list();
  if (state.open) open(state.open, false);
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

// What a preview shows is added, or it is not: either way it is decided once.
async function decide(how, on) {
  working(true, word("reading"));
  const told = await call(how, { job: on.dataset.job });
  if (told.job) { $("pp-pasted").value = ""; return follow(told); }
  working(false);
  say(told.said || told.error || "");
}

async function follow(told) {
  if (told.error) return working(false);
  working(true, word("reading"));
  for (;;) {
    const now = await call("progress", { job: told.job });
    if (now.error) return working(false);
    if (now.finished) {
      working(false);
      $("pp-report").innerHTML = now.html;
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

// --- the map: own drawing, so that 10,000 points are quick and nothing is fetched

const COLOURS = { light: ["#0b6b62", "#b4451f", "#3b55b8", "#8a6d00", "#8b2f7c", "#3f7d1e", "#b1264b", "#22789b", "#6a4fb3", "#5d6470"], dark: ["#5fd0c2", "#ff9d73", "#9fb4ff", "#e8c84a", "#f0a0df", "#a5d97e", "#ff98b0", "#7fd0ee", "#c7b3ff", "#b8c0cc"] };
const look = { scale: 1, x: 0, y: 0, hover: null, radius: 4 };
const layer = document.createElement("canvas");
const dark = () => document.body.classList.contains("dark");
const colour = (group) => COLOURS[dark() ? "dark" : "light"][group % 10];

const SHAPES = [
  (c, x, y, r) => { c.moveTo(x + r, y); c.arc(x, y, r, 0, 7); },
  (c, x, y, r) => c.rect(x - r * .9, y - r * .9, r * 1.8, r * 1.8),
  (c, x, y, r) => poly(c, x, y, r * 1.25, 3, -Math.PI / 2),
  (c, x, y, r) => poly(c, x, y, r * 1.2, 4, 0),
  (c, x, y, r) => poly(c, x, y, r * 1.25, 3, Math.PI / 2),
  (c, x, y, r) => cross(c, x, y, r * 1.1, 0),
  (c, x, y, r) => poly(c, x, y, r * 1.15, 5, -Math.PI / 2),
  (c, x, y, r) => cross(c, x, y, r * 1.1, Math.PI / 4),
  (c, x, y, r) => poly(c, x, y, r * 1.1, 6, 0),
  (c, x, y, r) => star(c, x, y, r * 1.4),
];
function poly(c, x, y, r, n, from) { for (let k = 0; k <= n; k++) { const a = from + (k * 2 * Math.PI) / n; c[k ? "lineTo" : "moveTo"](x + r * Math.cos(a), y + r * Math.sin(a)); } }
function cross(c, x, y, r, turn) { const w = r * .38; for (const [k, [a, b]] of [[-w, -r], [w, -r], [w, -w], [r, -w], [r, w], [w, w], [w, r], [-w, r], [-w, w], [-r, w], [-r, -w], [-w, -w]].entries()) { const px = x + a * Math.cos(turn) - b * Math.sin(turn), py = y + a * Math.sin(turn) + b * Math.cos(turn); c[k ? "lineTo" : "moveTo"](px, py); } c.closePath(); }
function star(c, x, y, r) { for (let k = 0; k <= 10; k++) { const a = -Math.PI / 2 + (k * Math.PI) / 5, d = k % 2 ? r * .45 : r; c[k ? "lineTo" : "moveTo"](x + d * Math.cos(a), y + d * Math.sin(a)); } }

async function map() {
  if (state.points) return draw();
  const told = $("pp-drawing");
  told.hidden = false;
  told.textContent = word("drawing");
  const found = await call("atlas");
  told.hidden = true;
  if (found.error) return;
  state.points = found.points;
  state.places = new Map(found.points.map((point) => [point[0], point]));
  state.group = null;
  $("pp-legend").innerHTML = found.legend;
  draw();
}

function draw() {
  const canvas = $("pp-map");
  if (!state.points || !canvas.clientWidth) return;
  const ratio = devicePixelRatio || 1, w = canvas.clientWidth, h = canvas.clientHeight;
  if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) { canvas.width = Math.round(w * ratio); canvas.height = Math.round(h * ratio); }
  layer.width = canvas.width;
  layer.height = canvas.height;
  const c = layer.getContext("2d");
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, w, h);
  const radius = Math.max(2, Math.min(6, 40 / Math.sqrt(state.points.length))) * Math.min(1.8, Math.sqrt(look.scale));
  const groups = new Map();
  for (const point of state.points) {
    const faint = (state.shown && !state.shown.has(point[0])) || (state.group !== null && point[3] !== state.group);
    const key = `${point[3]}|${faint ? 1 : 0}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(point);
  }
  for (const [key, points] of [...groups].sort((a, b) => (a[0].endsWith("1") ? 0 : 1) - (b[0].endsWith("1") ? 0 : 1))) {
    const [group, faint] = key.split("|").map(Number);
    c.globalAlpha = faint ? .2 : state.points.length > 2000 ? .75 : .95;
    c.fillStyle = colour(group);
    c.beginPath();
    for (const point of points) {
      const [x, y] = place(point, w, h);
      if (x > -9 && y > -9 && x < w + 9 && y < h + 9) SHAPES[group % 10](c, x, y, radius);
    }
    c.fill();
  }
  look.radius = radius;
  ring();
  root.querySelectorAll(".pp-mark").forEach((mark) => {
    const p = mark.getContext("2d");
    p.clearRect(0, 0, 18, 18);
    p.fillStyle = colour(Number(mark.dataset.group));
    p.beginPath();
    SHAPES[Number(mark.dataset.group) % 10](p, 9, 9, 6);
    p.fill();
  });
}

// What changes while the mouse moves: the points stay as they were drawn, and rings come over them.
function ring() {
  const canvas = $("pp-map"), c = canvas.getContext("2d"), ratio = devicePixelRatio || 1;
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.clearRect(0, 0, canvas.width, canvas.height);
  if (layer.width) c.drawImage(layer, 0, 0);
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.strokeStyle = getComputedStyle(canvas).color;
  const ringed = new Set([...state.chosen.keys(), state.open].map((id) => state.places.get(id)));
  for (const point of ringed.add(look.hover)) {
    if (!point) continue;
    const [x, y] = place(point, canvas.clientWidth, canvas.clientHeight);
    c.beginPath();
    c.arc(x, y, look.radius + 4, 0, 7);
    c.lineWidth = point === look.hover || point[0] === state.open ? 3 : 1.5;
    c.stroke();
  }
}

function place([, x, y], w, h) {
  const size = Math.min(w, h) - 32;
  return [w / 2 + ((x - .5) * size * Math.max(1, Math.min(1.5, w / h)) + look.x) * look.scale, h / 2 + ((y - .5) * size + look.y) * look.scale];
}

function nearest(event) {
  const canvas = $("pp-map"), box = canvas.getBoundingClientRect(), w = canvas.clientWidth, h = canvas.clientHeight;
  let best = null, least = 14 * 14;
  for (const point of state.points || []) {
    if ((state.shown && !state.shown.has(point[0])) || (state.group !== null && point[3] !== state.group)) continue;
    const [x, y] = place(point, w, h), d = (x - event.clientX + box.left) ** 2 + (y - event.clientY + box.top) ** 2;
    if (d < least) { least = d; best = point; }
  }
  return best;
}

function zoom(by) { look.scale = Math.max(1, Math.min(40, look.scale * by)); if (look.scale === 1) look.x = look.y = 0; draw(); }

function tip(point) {
  const box = $("pp-tip");
  box.hidden = !point;
  if (!point) return;
  const canvas = $("pp-map"), [x, y] = place(point, canvas.clientWidth, canvas.clientHeight);
  box.textContent = point[4];
  box.style.left = `${Math.max(8, Math.min(x + 12, canvas.clientWidth - 268))}px`;
  box.style.top = `${Math.min(y + 14, canvas.clientHeight - 60)}px`;
}

function onMap() {
  const canvas = $("pp-map");
  let from = null, moved = false;
  canvas.addEventListener("pointermove", (event) => {
    if (from) {
      moved ||= Math.hypot(event.clientX - from.x, event.clientY - from.y) > 5;
      if (moved && look.scale > 1) { look.x = from.lx + (event.clientX - from.x) / look.scale; look.y = from.ly + (event.clientY - from.y) / look.scale; tip(null); return draw(); }
    }
    const found = nearest(event);
    canvas.style.cursor = found ? "pointer" : look.scale > 1 ? "grab" : "default";
    if (found !== look.hover) { look.hover = found; tip(found); ring(); }
  });
  canvas.addEventListener("pointerdown", (event) => { from = { x: event.clientX, y: event.clientY, lx: look.x, ly: look.y }; moved = false; });
  canvas.addEventListener("pointerup", (event) => { const found = !moved && nearest(event); from = null; if (found) open(found[0]); });
  canvas.addEventListener("pointerleave", () => { from = null; look.hover = null; tip(null); if (state.points) ring(); });
  canvas.addEventListener("wheel", (event) => { if (!event.ctrlKey && look.scale === 1 && event.deltaY > 0) return; event.preventDefault(); zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2); }, { passive: false });
  new ResizeObserver(draw).observe(canvas);
  new MutationObserver(draw).observe(document.body, { attributes: true, attributeFilter: ["class"] });
}

async function group(number, on) {
  const same = state.group === number;
  state.group = same ? null : number;
  root.querySelectorAll(".pp-group").forEach((each) => each.setAttribute("aria-expanded", String(!same && each === on)));
  $("pp-members").innerHTML = same ? "" : (await call("members", { group: number })).html || "";
  draw();
}

function show(view) {
  state.view = view;
  root.querySelectorAll(".pp-view").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.do === `pp-${view}`)));
  $("pp-list-view").hidden = view !== "list";
  $("pp-map-view").hidden = view !== "map";
  if (view === "map") map();
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
  "pp-add": (on) => { const box = $("pp-adding"); box.hidden = !box.hidden; on.setAttribute("aria-expanded", String(!box.hidden)); },
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
}

// Nothing is asked before the tab is looked at; another language draws the frame anew.
let begun = false;
new IntersectionObserver((seen) => { if (!begun && seen.some((each) => each.isIntersecting)) { begun = true; begin(); } else if (begun && seen.some((each) => each.isIntersecting) && root.dataset.ready) list(); }).observe(element);
new MutationObserver(() => { if (begun) begin(); }).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
