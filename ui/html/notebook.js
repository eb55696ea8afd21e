// --- the notebook, and what a selected text offers

opening.notebook = async () => {
  const told = await call("notes");
  if (told.html) $("pw-notebook").innerHTML = told.html;
};

const kept = (told) => { if (!told.error) { say(told.said); if (state.part === "notebook" && root.dataset.ready) opening.notebook(); } };
const keepSelection = (chosen) => call("keep_quote", { paper: chosen.paper, text: chosen.text, project: state.project || "" }).then(kept);

async function change(form) {
  const { note, tags, project } = form.elements, told = await call("change_note", { id: form.dataset.id, note: note.value, tags: tags.value, ...(project ? { project: project.value } : {}) });
  if (told.tags) form.closest("li").dataset.tags = told.tags.join("\n");
}

function moveNote(on, by) {
  const item = on.closest("li"), other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  by < 0 ? other.before(item) : other.after(item);
  on.focus();
  call("order_notes", { ids: notesShown(false) });
}

const notesShown = (visible = true) => [...root.querySelectorAll("#pw-notes > li")].filter((each) => !visible || !each.hidden).map((each) => each.dataset.id);

// A text selected in an abstract, anywhere on the page, and the paper it is from.
function selected() {
  const chosen = getSelection(), text = chosen.toString().trim();
  if (!text || !chosen.rangeCount) return null;
  const inside = chosen.anchorNode?.parentElement?.closest(".pc-abstract, .pc-opening, .pp-abstract, .pw-abstract");
  if (!inside || !inside.contains(chosen.focusNode)) return null;
  const paper = inside.dataset.paper || inside.closest("[data-paper]")?.dataset.paper || inside.closest(".pp-paper")?.querySelector("[data-do=pp-ask]")?.dataset.id;
  return paper ? { paper, text: text.slice(0, 2000), box: chosen.getRangeAt(0).getBoundingClientRect() } : null;
}

function offer() {
  let box = $("pw-offer");
  const chosen = selected();
  if (!chosen) { if (box) box.hidden = true; return; }
  if (!box) {
    box = document.createElement("div");
    box.id = "pw-offer";
    box.setAttribute("role", "toolbar");
    box.setAttribute("aria-label", word("note.offer"));
    (element.closest(".gradio-container") || document.body).append(box);
  }
  box.replaceChildren(...["keep", "ask", "similar", "others"].map((name) => Object.assign(document.createElement("button"), { type: "button", textContent: word(`note.offer.${name}`), onclick: () => { box.hidden = true; offers[name](chosen); } })));
  box.hidden = false;
  const wide = box.offsetWidth, top = chosen.box.top - box.offsetHeight - 8;
  box.style.left = `${Math.max(8, Math.min(chosen.box.left, innerWidth - wide - 8))}px`;
  box.style.top = `${top > 56 ? top : chosen.box.bottom + 8}px`;
}

async function found(name, chosen) {
  const told = await call(name, { text: chosen.text, paper: chosen.paper });
  if (told.error) return;
  const drawer = $("pw-found");
  drawer.innerHTML = told.html;
  drawer.hidden = false;
  drawer.querySelector("h3").focus({ preventScroll: true });
}

const offers = {
  keep: keepSelection,
  ask: ({ paper, text }) => {
    document.dispatchEvent(new CustomEvent("paperchat:scope", { detail: { papers: [{ id: paper, title: text.slice(0, 60) }] } }));
    const box = $("pc-input");
    if (box) { box.value = `“${text}” `; box.focus(); box.setSelectionRange(0, 0); box.dispatchEvent(new Event("input", { bubbles: true })); }
  },
  similar: (chosen) => found("similar_to", chosen),
  others: (chosen) => found("others_say", chosen),
};

function drawerFor() {
  if ($("pw-found")) return;
  const drawer = Object.assign(document.createElement("aside"), { id: "pw-found", className: "pw pw-drawer", hidden: true });
  drawer.setAttribute("aria-label", word("note.offer"));
  drawer.addEventListener("click", (event) => { if (event.target.closest("[data-do=pw-close-paper]")) drawer.hidden = true; });
  drawer.addEventListener("keydown", (event) => { if (event.key === "Escape") drawer.hidden = true; });
  (element.closest(".gradio-container") || document.body).append(drawer);
}

// One key keeps what is selected or has the focus: a text, a cell, an answer.
function keepByKey() {
  const chosen = selected(), at = document.activeElement;
  if (chosen) return keepSelection(chosen);
  const cell = at?.closest?.("#pw-rows .pw-quote"), turn = at?.closest?.("#pc-thread .pc-turn");
  if (cell && state.table) return call("keep_cell", { id: state.table, paper: cell.closest("tr").dataset.paper, start: Number(cell.dataset.start), project: state.project || "" }).then(kept);
  if (turn) return call("keep_answer", { turn: turn.id.replace(/^t-/, ""), project: state.project || "" }).then(kept);
}

let settling = null;
document.addEventListener("selectionchange", () => { clearTimeout(settling); settling = setTimeout(() => words().then(offer), 250); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "k" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select")) return;
  words().then(keepByKey);
});
document.addEventListener("click", (event) => {
  const on = event.target.closest?.("[data-do=keep-answer]");
  if (on) words().then(() => call("keep_answer", { turn: on.dataset.turn, project: state.project || "" })).then(kept);
});

// The words of the tab, before it was ever looked at.
let asking = null;
function words() {
  if (Object.keys(state.words).length) { drawerFor(); return Promise.resolve(); }
  asking ||= call("workspace").then((told) => { state.words = told.words || {}; asking = null; drawerFor(); });
  return asking;
}

Object.assign(doing, {
  "pw-keep-quote": (on) => call("keep_quote", { paper: on.dataset.paper, start: Number(on.dataset.start), end: Number(on.dataset.end), project: state.project || "" }).then(kept),
  "pw-keep-this": (on) => {
    const quote = $("pw-paper").querySelector("mark.pw-this") || $("pw-paper").querySelector("mark"), row = state.from?.closest?.("#pw-rows tr");
    if (!quote) return;
    const paper = quote.closest("[data-paper]").dataset.paper, start = Number(quote.dataset.start);
    (row && state.table ? call("keep_cell", { id: state.table, paper, start, project: state.project || "" }) : call("keep_quote", { paper, start, end: Number(quote.dataset.end), project: state.project || "" })).then(kept);
  },
  "pw-note-up": (on) => moveNote(on, -1),
  "pw-note-down": (on) => moveNote(on, 1),
  "pw-delete-note": async (on) => { const item = on.closest("li"); if (!(await call("delete_document", { id: item.dataset.id })).error) item.remove(); },
  "pw-export-notes": async (on) => { const told = await call("export_notes", { how: on.dataset.how, ids: notesShown() }); if (!told.error) download(told); },
  "pw-tag": (on) => {
    const tag = on.getAttribute("aria-pressed") === "true" ? "" : on.dataset.tag;
    root.querySelectorAll("[data-tag]").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.tag === tag)));
    root.querySelectorAll("#pw-notes > li").forEach((each) => { each.hidden = Boolean(tag) && !each.dataset.tags.split("\n").includes(tag); });
  },
});
root.addEventListener("change", (event) => { const form = event.target.closest(".pw-note-form"); if (form) change(form); });

// --- projects

opening.projects = async () => {
  const told = await call("projects", { open: state.project || "" });
  if (told.html) $("pw-projects").innerHTML = told.html;
};
const project = (name, asked) => call(name, asked).then((told) => { if (!told.error) { if ("id" in told) state.project = told.id; opening.projects(); } });
submitting["pw-new-project"] = (form) => project("new_project", { title: form.elements.title.value });
Object.assign(doing, {
  "pw-open-project": (on) => { state.project = on.dataset.id; opening.projects(); },
  "pw-rename-project": async (on) => { const title = prompt(word("table.said.rename"), on.dataset.title); if (title?.trim()) project("rename_project", { id: on.dataset.id, title }); },
  "pw-delete-project": (on) => { if (confirm(word("project.said.delete"))) { state.project = ""; call("delete_document", { id: on.dataset.id }).then(() => opening.projects()); } },
  "pw-file-conversation": (on) => project("file_conversation", { id: on.dataset.id, conversation: new URL(location.href).searchParams.get("c") || "" }),
  "pw-unfile-conversation": (on) => project("file_conversation", { id: "", conversation: on.dataset.conversation }),
  "pw-open-conversation": (on) => { const url = new URL(location.pathname, location.href); url.searchParams.set("c", on.dataset.id); location.assign(url); },
  "pw-project-table": (on) => { show("tables"); openTable(on.dataset.id); },
  "pw-ask-project": (on) => document.dispatchEvent(new CustomEvent("paperchat:scope", { detail: { collection: on.dataset.collection } })),
});
root.addEventListener("change", (event) => {
  const form = event.target.closest("#pw-project-collections");
  if (form) project("project_collections", { id: form.dataset.id, collections: [...form.querySelectorAll("input:checked")].map((each) => each.value) });
  if (event.target.name === "file-table") project("file_table", { id: form?.dataset.id || state.project, table: event.target.value });
});
