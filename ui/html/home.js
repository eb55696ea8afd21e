// --- before the first question: the collection, its map, and what narrows it

const SPREAD = 40, NEAR = 14, LASSO = 30, AGAIN = 7;
// Of a browser's picture of the map: what is drawn on it in fractions of its box, 0…1000.
const onMap = { points: [], from: null, path: [], tip: null, asked: 0, waiting: null };

function dressHome() {
  const map = $("pc-map");
  if (!map || map.dataset.dressed) return;
  onMap.points = JSON.parse(map.dataset.points || "[]");
  map.dataset.dressed = "true";
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

// Labels stand in the middle of their themes; two that would overlap give way to each other, up and down.
function spreadLabels(map) {
  const labels = [...map.querySelectorAll(".pc-label")], height = map.clientHeight, width = map.clientWidth;
  if (!height) return;
  const boxes = labels.map((label) => {
    label.style.marginTop = label.style.marginLeft = "0";
    const at = label.getBoundingClientRect(), box = map.getBoundingClientRect();
    const x = Math.min(Math.max(at.left - box.left, 0), Math.max(0, width - at.width));
    return { label, x, left: at.left - box.left, y: at.top - box.top, top: at.top - box.top, w: at.width, h: at.height };
  });
  for (let round = 0; round < SPREAD; round++) {
    let moved = false;
    for (const one of boxes) for (const other of boxes) {
      if (one === other || one.x >= other.x + other.w || other.x >= one.x + one.w) continue;
      const over = Math.min(one.y + one.h, other.y + other.h) - Math.max(one.y, other.y) + 2;
      if (over <= 0) continue;
      const [upper, lower] = one.y <= other.y ? [one, other] : [other, one];
      upper.y = Math.max(0, upper.y - over / 2);
      lower.y = Math.min(height - lower.h, lower.y + over / 2);
      if (upper.y === 0) lower.y = Math.max(lower.y, upper.h + 2);
      moved = true;
    }
    if (!moved) break;
  }
  for (const { label, x, left, y, top } of boxes) { label.style.marginTop = `${y - top}px`; label.style.marginLeft = `${x - left}px`; }
}

function pointAt(theme) {
  const map = $("pc-map");
  if (!map) return;
  map.classList.toggle("pc-pointed", theme !== null);
  map.querySelectorAll(".pc-dots").forEach((dots) => dots.classList.toggle("pc-on", dots.dataset.theme === theme));
  markThemes();
}
function markThemes() {
  const chosen = new Set(state.chips.filter((chip) => chip.kind === "theme").map((chip) => chip.value));
  document.querySelectorAll("#pc-home .pc-label").forEach((label) => {
    const on = chosen.has(label.dataset.name);
    label.setAttribute("aria-pressed", String(on));
    if (on) document.querySelector(`#pc-map .pc-dots[data-theme="${label.dataset.theme}"]`)?.classList.add("pc-on");
  });
  document.querySelectorAll("#pc-home .pc-theme-name").forEach((name) => name.setAttribute("aria-pressed", String(chosen.has(name.dataset.name))));
}
for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(on, (event) => { const over = event.target.closest?.("#pc-home .pc-label, #pc-home .pc-theme"); if (over) pointAt(over.dataset.theme); });
  document.addEventListener(off, (event) => { if (event.target.closest?.("#pc-home .pc-label, #pc-home .pc-theme")) pointAt(null); });
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
  onMap.path = [onBox(event)];
  onMap.tip?.remove();
  addEventListener("pointermove", moveLasso);
  addEventListener("pointerup", endLasso, { once: true });
}
function moveLasso(event) {
  onMap.path.push(onBox(event));
  $("pc-lasso").setAttribute("d", `M${onMap.path.map(([x, y]) => `${x.toFixed(0)} ${y.toFixed(0)}`).join("L")}Z`);
}
function endLasso(event) {
  removeEventListener("pointermove", moveLasso);
  const drawn = Math.hypot(event.clientX - onMap.from.clientX, event.clientY - onMap.from.clientY) > 4 || onMap.path.length > LASSO;
  onMap.from = null;
  $("pc-lasso")?.removeAttribute("d");
  if (!drawn) { const near = nearestPaper(event); if (near) doing.read({ dataset: { id: near[0] } }); return; }
  const inside = onMap.points.filter(([, x, y]) => within(onMap.path, x, y)).slice(0, 200);
  if (!inside.length) return;
  state.chips = inside.map(([id, , , title]) => ({ kind: "paper", value: id, label: title || id }));
  chipsChanged();
  $("pc-input").focus();
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
