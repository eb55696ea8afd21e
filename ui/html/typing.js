// --- what helps while typing: names of papers after an @, keys, and what might be asked next

const names = { open: false, at: 0, found: [], timer: null };

function mention() {
  const input = $("pc-input"), before = input.value.slice(0, input.selectionStart);
  const found = /(?:^|\s)@([^\s@][^@\n]{0,60})$/.exec(before);
  clearTimeout(names.timer);
  if (!found) return closeNames();
  names.timer = setTimeout(() => act("names", { text: found[1] }), 120);
}
function showNames(told) {
  const input = $("pc-input"), before = input.value.slice(0, input.selectionStart);
  if (!before.endsWith(`@${told.text}`)) return;
  names.found = told.papers;
  names.at = 0;
  if (!names.found.length) return closeNames();
  let list = $("pc-names");
  if (!list) {
    list = make("ul", { id: "pc-names", role: "listbox", "aria-label": word("said.names") });
    document.querySelector(".pc-box").append(list);
  }
  list.replaceChildren(...names.found.map((paper, at) => {
    const row = make("li", { role: "option", id: `pc-name-${at}`, "data-at": at, dir: "auto" });
    row.append(make("b", {}, paper.name), make("span", {}, paper.name === paper.title ? paper.byline : paper.title));
    return row;
  }));
  names.open = true;
  input.setAttribute("aria-controls", "pc-names");
  input.setAttribute("aria-autocomplete", "list");
  chooseName(0);
}
function chooseName(at) {
  names.at = (at + names.found.length) % names.found.length;
  document.querySelectorAll("#pc-names li").forEach((row, place) => row.setAttribute("aria-selected", String(place === names.at)));
  $("pc-input").setAttribute("aria-activedescendant", `pc-name-${names.at}`);
}
function takeName(at = names.at) {
  const input = $("pc-input"), end = input.selectionStart, start = input.value.lastIndexOf("@", end - 1);
  input.setRangeText(`${names.found[at].name} `, start, end, "end");
  closeNames();
  input.focus();
  grow();
}
function closeNames() {
  clearTimeout(names.timer);
  names.open = false;
  $("pc-names")?.remove();
  for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) $("pc-input")?.removeAttribute(name);
}
document.addEventListener("input", (event) => { if (event.target.id === "pc-input") mention(); });
document.addEventListener("pointerdown", (event) => {
  const row = event.target.closest?.("#pc-names li");
  if (row) { event.preventDefault(); takeName(Number(row.dataset.at)); } else if (names.open) closeNames();
});

// Before the other keys: what stands in the list has the arrows, Enter, Tab and Escape.
document.addEventListener("keydown", (event) => {
  if (event.target.id === "pc-input" && names.open && !event.isComposing) {
    const does = { ArrowDown: () => chooseName(names.at + 1), ArrowUp: () => chooseName(names.at - 1), Enter: () => takeName(), Tab: () => takeName(), Escape: closeNames }[event.key];
    if (does) { event.preventDefault(); event.stopPropagation(); does(); return; }
  }
  if (event.target.id === "pc-input" && event.key === "ArrowUp" && !event.target.value && !state.editing) {
    const last = [...document.querySelectorAll("#pc-thread [data-do=edit]")].pop();
    if (last) { event.preventDefault(); doing.edit(last); }
    return;
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable=true]");
  const toComposer = (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) || (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey);
  if (toComposer) { event.preventDefault(); showTab(); focusComposer(); }
  if (event.key === "?" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); showKeys(); }
}, true);

// Another tab gives way some frames later, and what is not shown takes no focus.
function focusComposer(tries = 60) {
  $("pc-input").focus();
  if (tries && document.activeElement !== $("pc-input")) requestAnimationFrame(() => focusComposer(tries - 1));
}

function showKeys() {
  let box = $("pc-keys");
  if (!box) {
    box = make("dialog", { id: "pc-keys", "aria-labelledby": "pc-keys-title" });
    root.append(box);
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
  }
  const rows = Object.keys(state.words).filter((name) => name.startsWith("said.key.")).map((name) => {
    const row = make("div");
    const [keys, does] = state.words[name].split("|");
    const told = make("dt");
    keys.split(" ").forEach((key) => told.append(make("kbd", {}, key)));
    row.append(told, make("dd", {}, does));
    return row;
  });
  const list = make("dl"), form = make("form", { method: "dialog" });
  list.append(...rows);
  form.append(make("button", { class: "pc-main" }, word("said.keys.close")));
  box.replaceChildren(make("h2", { id: "pc-keys-title" }, word("said.keys")), list, form);
  box.showModal();
}

// Only what the papers were seen to answer is offered; it stands below the last answer until the next question.
function showNext(told) { state.offered = told; drawNext(); }
function drawNext() {
  const turn = state.offered && document.getElementById(`t-${state.offered.turn}`);
  if (!turn || turn !== [...document.querySelectorAll("#pc-thread .pc-turn")].pop() || turn.querySelector(".pc-next") || !state.offered.questions.length) return;
  const list = make("ul", { class: "pc-next", "aria-label": word("said.next") });
  list.append(...state.offered.questions.map((question) => {
    const row = make("li");
    row.append(make("button", { type: "button", "data-do": "ask", "data-question": question, dir: "auto" }, question));
    return row;
  }));
  turn.append(list);
}

// The last of the files that make up this script (`SCRIPTS` of parts.py).
begin();
