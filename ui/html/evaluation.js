// The Evaluation tab. What the server sends is safe HTML. `element` and `server` come from Gradio.

const $ = (id) => document.getElementById(id);
const root = element.querySelector("#pe-frame") || element;
let watching = false;

async function call(name, asked = {}) {
  let told;
  try { told = await server[name]({ ...asked, language: document.documentElement.lang || "" }); }
  catch { /* told below */ }
  told ??= { error: root.dataset.offline || "The server cannot be reached." }; // Gradio gives nothing where the connection broke
  if (told.error && name !== "progress") note(told.error);
  return told;
}
function note(text) { const place = $("pe-comparison") || root; const told = document.createElement("p"); told.className = "pc-notice pc-error"; told.setAttribute("role", "alert"); told.textContent = text; place.replaceChildren(told); }

async function show() {
  const run = $("pe-run")?.value;
  if (!run) return;
  const told = await call("show", { run });
  if (told.error || run !== $("pe-run").value) return;
  $("pe-shown").innerHTML = told.html;
  $("pe-cases").innerHTML = told.cases;
}

async function compare() {
  const before = $("pe-before")?.value, after = $("pe-run")?.value;
  if (!before || before === after) return $("pe-comparison")?.replaceChildren();
  const told = await call("compare", { before, after });
  if (!told.error) $("pe-comparison").innerHTML = told.html;
}

async function follow() {
  if (watching) return;
  watching = true;
  tell({ said: "" });
  for (;;) {
    const now = await call("progress");
    if (!now.on) { watching = false; await begin(now.made); if (now.error) note(now.error); return; }
    tell(now);
    await new Promise((go) => setTimeout(go, 500));
  }
}
// The frame may have been drawn anew since the last time.
function tell({ said, done, total }) {
  const box = $("pe-progress"), bar = box.querySelector("progress");
  const start = root.querySelector("#pe-start button"); // a viewer has none
  if (start) start.disabled = true;
  box.hidden = false;
  box.querySelector("span").textContent = said;
  if (total) { bar.max = total; bar.value = done; } else bar.removeAttribute("value");
}

root.addEventListener("change", (event) => {
  if (event.target.id === "pe-run") { show(); compare(); }
  if (event.target.id === "pe-before") compare();
  if (event.target.id === "pe-measure") root.querySelectorAll(".pe-chart").forEach((each) => { each.hidden = each.dataset.measure !== event.target.value; });
});
root.addEventListener("submit", async (event) => {
  event.preventDefault();
  const told = await call("begin", { writer: event.target.elements.writer.value });
  if (!told.error) follow();
});
root.addEventListener("click", async (event) => {
  const on = event.target.closest("button[data-do=pe-more]");
  if (!on) return;
  const told = await call("cases", { run: $("pe-run").value, offset: Number(on.dataset.offset) });
  if (!told.error) on.outerHTML = told.html;
});

async function begin(made) {
  const told = await call("start");
  if (told.error) return setTimeout(begin, 2000);
  root.innerHTML = told.frame;
  if (made && $("pe-run")) $("pe-run").value = made;
  await show();
  root.setAttribute("data-ready", "true");
  if (told.running) follow();
}

let begun = false;
new IntersectionObserver((seen) => { if (!begun && seen.some((each) => each.isIntersecting)) { begun = true; begin(); } }).observe(element);
new MutationObserver(() => { if (begun) begin($("pe-run")?.value); }).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
