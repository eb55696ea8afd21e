// --- before the first question: the collection, its map, and what narrows it

const NEAR = 14, LASSO = 8, AGAIN = 7, MOST_INSIDE = 200, MOST_CORNERS = 120;
// Of a browser's picture of the map: what is drawn on it in fractions of its box, 0…1000.
const onMap = { points: [], from: null, path: [], tip: null, asked: 0, waiting: null, pointed: null };

function dressHome() {
  const map = $("pc-map");
  if (!map || map.dataset.dressed) return;
  onMap.points = JSON.parse(map.dataset.points || "[]");
  map.dataset.dressed = "true";
  drawAreas(map);
  map.addEventListener("pointermove", drawing);
  map.addEventListener("pointerdown", beginLasso);
  new ResizeObserver(() => spreadLabels(map)).observe(map);
  document.fonts?.ready.then(() => spreadLabels(map));
  spreadLabels(map);
  markThemes();
  askAgain();
}

// The questions of the themes are found out beside; they come along when the home is asked for again.
function askAgain() {
  if (onMap.waiting || !$("pc-map") || document.querySelector("#pc-home .pc-theme-ask") || onMap.asked >= AGAIN) return;
  onMap.waiting = setTimeout(() => { onMap.waiting = null; act("home"); askAgain(); }, 1500 * 2 ** onMap.asked++);
}

// Each theme's papers lie on a ground of their own.
function drawAreas(map) {
  const svg = map.querySelector("svg"), first = svg.firstChild;
  map.querySelectorAll(".pc-dots").forEach((dots) => {
    const points = [...dots.getAttribute("d").matchAll(/M(-?\d+) (-?\d+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    if (!points.length) return;
    const area = document.createElementNS(svg.namespaceURI, "path");
    area.setAttribute("class", "pc-area");
    area.dataset.theme = dots.dataset.theme;
    area.setAttribute("d", `M${outline(points).map((point) => point.join(" ")).join("L")}Z`);
    svg.insertBefore(area, first);
  });
}

// Names stand in the middle of their themes, or beside it where papers or other names would be hidden.
function spreadLabels(map) {
  const labels = [...map.querySelectorAll(".pc-label")], height = map.clientHeight, width = map.clientWidth;
  if (!height) return;
  const middle = (label) => [parseFloat(label.style.left) / 100, parseFloat(label.style.top) / 100];
  const boxes = labels.map((label) => ({ label, x: middle(label)[0] * width, y: middle(label)[1] * height, w: label.offsetWidth, h: label.offsetHeight }));
  const dots = onMap.points.map(([, x, y]) => [(x / 1000) * width, (y / 1000) * height]);
  for (const { label, x, y, w, h, at } of placeNames(boxes, dots, width, height)) {
    label.style.marginLeft = `${at.x + w / 2 - x}px`;
    label.style.marginTop = `${at.y + h / 2 - y}px`;
  }
}

function pointAt(theme) {
  onMap.pointed = theme;
  markThemes();
}
// What is pointed at or chosen is lit; while a theme limits what is asked, its own question is offered in place of those to all papers.
function markThemes() {
  const chosen = new Set(state.chips.filter((chip) => chip.kind === "theme").map((chip) => chip.value));
  const lit = new Set(onMap.pointed === null ? [] : [onMap.pointed]);
  document.querySelectorAll("#pc-home .pc-label").forEach((label) => {
    const on = chosen.has(label.dataset.name);
    label.setAttribute("aria-pressed", String(on));
    if (on) lit.add(label.dataset.theme);
  });
  $("pc-map")?.classList.toggle("pc-pointed", onMap.pointed !== null);
  document.querySelectorAll("#pc-map :is(.pc-dots, .pc-area)").forEach((each) => each.classList.toggle("pc-on", lit.has(each.dataset.theme)));
  document.querySelectorAll("#pc-home .pc-theme-name").forEach((name) => name.setAttribute("aria-pressed", String(chosen.has(name.dataset.name))));
  offerOfThemes(chosen);
}
function offerOfThemes(chosen) {
  const all = document.querySelector("#pc-home .pc-suggestions:not(.pc-of-themes)");
  document.querySelector("#pc-home .pc-of-themes")?.remove();
  if (!all) return;
  all.hidden = state.chips.length > 0;
  const asks = [...document.querySelectorAll("#pc-home .pc-theme")].filter((card) => chosen.has(card.querySelector(".pc-theme-name").dataset.name)).map((card) => card.querySelector(".pc-theme-ask")).filter(Boolean);
  if (!asks.length) return;
  const list = make("ul", { class: "pc-suggestions pc-of-themes", "aria-label": all.getAttribute("aria-label") });
  for (const ask of asks) {
    const row = make("li");
    row.append(make("button", { type: "button", class: "pc-suggestion", "data-do": "ask", "data-question": ask.dataset.question, dir: "auto" }, ask.dataset.question));
    list.append(row);
  }
  all.after(list);
}
for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(on, (event) => { const over = event.target.closest?.("#pc-home :is(.pc-label, .pc-theme, .pc-area)"); if (over) pointAt(over.dataset.theme); });
  document.addEventListener(off, (event) => { if (event.target.closest?.("#pc-home :is(.pc-label, .pc-theme, .pc-area)")) pointAt(null); });
}

const onBox = (event) => { const box = $("pc-map").getBoundingClientRect(); return [((event.clientX - box.left) / box.width) * 1000, ((event.clientY - box.top) / box.height) * 1000]; };
function nearestPaper(event) {
  const box = $("pc-map").getBoundingClientRect(), [x, y] = onBox(event);
  let best = null, least = NEAR;
  for (const point of onMap.points) {
    const away = Math.hypot(((point[1] - x) / 1000) * box.width, ((point[2] - y) / 1000) * box.height);
    if (away < least) { least = away; best = point; }
  }
  return best;
}
function drawing(event) {
  if (onMap.from) return;
  const near = event.target.closest(".pc-label") ? null : nearestPaper(event);
  onMap.tip?.remove();
  onMap.tip = null;
  if (!near || !near[3]) return;
  const map = $("pc-map");
  onMap.tip = make("div", { id: "pc-map-tip", dir: "auto" }, near[3]);
  map.append(onMap.tip);
  onMap.tip.style.left = `${Math.min((near[1] / 1000) * map.clientWidth + 12, map.clientWidth - onMap.tip.offsetWidth)}px`;
  onMap.tip.style.top = `${(near[2] / 1000) * map.clientHeight + 12}px`;
}

// Drawing around papers with a mouse or a pen chooses them; a finger scrolls.
function beginLasso(event) {
  if (event.button !== 0 || event.pointerType === "touch" || event.target.closest("button")) return;
  event.preventDefault();
  onMap.from = event;
  onMap.far = 0;
  onMap.path = [onBox(event)];
  onMap.tip?.remove();
  addEventListener("pointermove", moveLasso);
  addEventListener("pointerup", endLasso, { once: true });
}
function moveLasso(event) {
  onMap.path.push(onBox(event));
  onMap.far = Math.max(onMap.far, Math.hypot(event.clientX - onMap.from.clientX, event.clientY - onMap.from.clientY));
  $("pc-lasso").setAttribute("d", `M${onMap.path.map(([x, y]) => `${x.toFixed(0)} ${y.toFixed(0)}`).join("L")}Z`);
}
function endLasso(event) {
  removeEventListener("pointermove", moveLasso);
  const drawn = onMap.far > LASSO; // a line that comes back to where it began is one, too
  onMap.from = null;
  $("pc-lasso")?.removeAttribute("d");
  if (!drawn) return press(event);
  const inside = onMap.points.filter(([, x, y]) => within(onMap.path, x, y));
  if (!inside.length) return;
  // Of many papers, or where not all are drawn, the server finds those in the area.
  const few = inside.length <= MOST_INSIDE && Number($("pc-map").dataset.all) === onMap.points.length;
  state.chips = few ? inside.map(([id, , , title]) => ({ kind: "paper", value: id, label: title || id })) : [{ kind: "area", value: area(), label: word("scope.area") }];
  chipsChanged();
  $("pc-input").focus();
}
function area() {
  const step = Math.ceil(onMap.path.length / MOST_CORNERS);
  const corners = onMap.path.filter((_, at) => at % step === 0).map(([x, y]) => `${x.toFixed(0)},${y.toFixed(0)}`);
  return `${$("pc-map").dataset.state}|${corners.join(" ")}`;
}
// A press on a paper opens it, one beside papers chooses the theme.
function press(event) {
  const near = nearestPaper(event), area = event.target.closest?.(".pc-area");
  if (near) doing.read({ dataset: { id: near[0] } });
  else if (area) document.querySelector(`#pc-map .pc-label[data-theme="${area.dataset.theme}"]`)?.click();
}
// Whether a ray from the point to the right crosses the line an odd number of times.
function within(path, x, y) {
  let inside = false;
  for (let at = 0, before = path.length - 1; at < path.length; before = at++) {
    const [ax, ay] = path[at], [bx, by] = path[before];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

Object.assign(doing, {
  theme: (on) => {
    const at = state.chips.findIndex((chip) => chip.kind === "theme" && chip.value === on.dataset.name);
    if (at >= 0) state.chips.splice(at, 1);
    else state.chips.push({ kind: "theme", value: on.dataset.name, label: on.dataset.name });
    chipsChanged();
    $("pc-input").focus();
  },
  read: (on) => act("read", { id: on.dataset.id }),
  "go-add": () => {
    $("pc-tab-papers-button")?.click();
    const open = () => { const add = document.querySelector("[data-do=pp-add]"); if (add) add.click(); else requestAnimationFrame(open); };
    open();
  },
  "export-scope": (on) => act("export-scope", { how: on.dataset.how, scope: state.chips }),
  keys: () => showKeys(),
});
