// --- the map: own drawing, so that 10,000 points are quick and nothing is fetched

const look = { scale: 1, x: 0, y: 0, hover: null, radius: 4, names: [] };
const layer = document.createElement("canvas");
const CROWD = 400; // papers; of more, names hide some in any place

// A colour of the page's palette as the canvas knows it: of `light-dark()` the one that holds.
const inks = new Map();
function ink(name) {
  if (inks.has(name)) return inks.get(name);
  const probe = Object.assign(document.createElement("span"), { hidden: true });
  probe.style.color = `var(${name})`;
  root.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  inks.set(name, found);
  return found;
}

async function map() {
  if (state.points) return draw();
  const told = $("pp-drawing");
  told.hidden = false;
  told.textContent = word("drawing");
  const found = await call("atlas");
  told.hidden = true;
  if (found.error) return;
  state.points = found.points;
  state.names = found.groups;
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
  inks.clear();
  layer.width = canvas.width;
  layer.height = canvas.height;
  const c = layer.getContext("2d");
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, w, h);
  const radius = Math.max(2, Math.min(6, 40 / Math.sqrt(state.points.length))) * Math.min(1.8, Math.sqrt(look.scale));
  const edge = ink("--pc-edge"), main = ink("--pc-main"), places = state.points.map((point) => place(point, w, h));
  const groups = new Map();
  state.points.forEach((point, at) => { if (!groups.has(point[3])) groups.set(point[3], []); groups.get(point[3]).push(places[at]); });
  for (const [group, inside] of groups) area(c, inside, ink(group === state.group ? "--pc-tint" : "--pc-area"));
  for (const faint of [true, false]) {
    c.globalAlpha = faint ? .25 : state.points.length > 2000 ? .75 : 1;
    for (const lit of [false, true]) {
      c.fillStyle = lit ? main : edge;
      c.beginPath();
      state.points.forEach((point, at) => {
        const out = (state.shown && !state.shown.has(point[0])) || (state.group !== null && point[3] !== state.group), [x, y] = places[at];
        if (out !== faint || lit !== (!out && (Boolean(state.shown) || state.group !== null)) || x < -9 || y < -9 || x > w + 9 || y > h + 9) return;
        c.moveTo(x + radius, y);
        c.arc(x, y, radius, 0, 7);
      });
      c.fill();
    }
  }
  c.globalAlpha = 1;
  nameThemes(c, groups, places, w, h);
  look.radius = radius;
  ring();
}

// The ground that a theme's papers lie on.
function area(c, inside, colour) {
  const corners = outline(inside);
  c.beginPath();
  corners.forEach(([x, y], at) => c[at ? "lineTo" : "moveTo"](x, y));
  c.closePath();
  c.fillStyle = c.strokeStyle = colour;
  c.lineWidth = 34;
  c.lineJoin = c.lineCap = "round";
  c.stroke();
  c.fill();
}

function nameThemes(c, groups, places, w, h) {
  const style = getComputedStyle($("pp-map")), boxes = [];
  c.font = `600 13px ${style.fontFamily}`;
  c.textBaseline = "middle";
  for (const [group, inside] of groups) {
    const name = state.names[group] || "", x = inside.reduce((sum, [one]) => sum + one, 0) / inside.length, y = inside.reduce((sum, [, one]) => sum + one, 0) / inside.length;
    if (name && x > 0 && y > 0 && x < w && y < h) boxes.push({ group, name, x, y, w: c.measureText(name).width + 8, h: 18 });
  }
  look.names = placeNames(boxes, places.length > CROWD ? [] : places, w, h);
  c.lineWidth = 4;
  c.lineJoin = "round";
  for (const { group, name, at } of look.names) {
    c.strokeStyle = ink(group === state.group ? "--pc-tint" : "--pc-area");
    c.fillStyle = ink(group === state.group ? "--pc-main" : "--pc-ink");
    c.strokeText(name, at.x + 4, at.y + 9);
    c.fillText(name, at.x + 4, at.y + 9);
  }
}

const nameUnder = (event) => {
  const box = $("pp-map").getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
  return look.names.find(({ at }) => x > at.x && x < at.x + at.w && y > at.y && y < at.y + at.h);
};

// What changes while the mouse moves: the points stay as they were drawn, and rings come over them.
function ring() {
  const canvas = $("pp-map"), c = canvas.getContext("2d"), ratio = devicePixelRatio || 1;
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.clearRect(0, 0, canvas.width, canvas.height);
  if (layer.width) c.drawImage(layer, 0, 0);
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.strokeStyle = ink("--pc-ink");
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
  const size = Math.min(w, h) - 64;
  return [w / 2 + ((x - .5) * size * Math.max(1, Math.min(2.2, w / h)) + look.x) * look.scale, h / 2 + ((y - .5) * size + look.y) * look.scale];
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
    canvas.style.cursor = found || nameUnder(event) ? "pointer" : look.scale > 1 ? "grab" : "default";
    if (found !== look.hover) { look.hover = found; tip(found); ring(); }
  });
  canvas.addEventListener("pointerdown", (event) => { from = { x: event.clientX, y: event.clientY, lx: look.x, ly: look.y }; moved = false; });
  canvas.addEventListener("pointerup", (event) => { const found = !moved && nearest(event), named = !moved && !found && nameUnder(event); from = null; if (found) open(found[0]); else if (named) root.querySelector(`.pp-group[data-group="${named.group}"]`)?.click(); });
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
  root.classList.toggle("pp-mapped", view === "map");
  root.querySelectorAll(".pp-view").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.do === `pp-${view}`)));
  $("pp-list-view").hidden = view !== "list";
  $("pp-map-view").hidden = view !== "map";
  if (view === "map") map();
}

