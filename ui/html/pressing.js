// --- what can be pressed

const doing = {
  ask: (on) => ask(on.dataset.question),
  stop: () => { if (state.waiting) broken(); else act("stop", { job: state.job }); },
  new: () => { leave(); leaveEditing(); state.conversation = ""; setConversation(""); act("new"); $("pc-input").focus(); closeSide(); },
  open: (on) => { leave(); leaveEditing(); act("open", { id: on.dataset.id }); closeSide(); },
  "rename-conversation": (on) => {
    const title = prompt(word("said.rename"), on.dataset.title);
    if (title && title.trim()) act("rename", { id: on.dataset.id, title });
  },
  "delete-conversation": (on) => {
    if (!confirm(word("said.delete"))) return;
    if (on.dataset.id === state.conversation) leave();
    act("delete", { id: on.dataset.id });
  },
  "export-conversation": (on) => act("export", { id: on.dataset.id }),
  edit: (on) => startEditing(on, "edit", questionOf(on)),
  correct: (on) => startEditing(on, "correct", on.dataset.text),
  "cancel-edit": () => cancelEditing(),
  regenerate: (on) => ask(questionOf(on), { mode: "regenerate", turn: on.dataset.turn }),
  literal: (on) => ask(questionOf(on), { mode: "literal", turn: on.dataset.turn }),
  branch: (on) => { if (state.moving) return; leave(); act("branch", { turn: on.dataset.turn }); },
  share: (on) => act("share", { turn: on.dataset.turn }),
  rate: (on) => act("rate", { turn: on.dataset.turn, rating: on.getAttribute("aria-pressed") === "true" ? null : on.dataset.rating }),
  sources: (on) => { state.pending = null; act("sources", { turn: on.dataset.turn }); openSheet(true); },
  card: (on) => { if (!revealPaper(on.dataset.id)) { state.pending = `p:${on.dataset.id}`; act("sources", { turn: on.dataset.turn }); } },
  similar: (on) => act("similar", { id: on.dataset.id }),
  earlier: () => act("open", { id: state.conversation, everything: true }),
  copy: (on) => { copy(on.dataset.copy, word("said.copied")); closeMenus(); },
  export: (on) => act("table", { turn: on.dataset.turn, how: on.dataset.how }),
  why: (on) => { const open = tip && on.getAttribute("aria-expanded") === "true"; hideTip(); if (!open) showTip(on); on.setAttribute("aria-expanded", String(!open)); },
  "scope-paper": (on) => { addChip({ kind: "paper", value: on.dataset.id, label: on.dataset.label }); openSheet(false); $("pc-input").focus(); },
  "add-chip": () => typedChip(),
  "remove-chip": (on) => { state.chips.splice(Number(on.dataset.place), 1); chipsChanged(); },
  "remove-papers": () => { state.chips = state.chips.filter((chip) => chip.kind !== "paper"); chipsChanged(); },
  "clear-chips": () => { state.chips = []; chipsChanged(); },
  summarise: () => gather("summary"),
  compare: () => gather("compare"),
  "toggle-side": () => toggleSide(),
  "close-sheet": () => openSheet(false),
  unfold: (on) => unfold(on.closest(".pc-card")),
};

// A browser makes no click of a mouse's press whose button is drawn anew before it is let go; of a finger's it does.
let pressed = null;
document.addEventListener("pointerdown", (event) => { pressed = event.button === 0 && event.pointerType === "mouse" ? event.target.closest?.("button[data-do]") : null; });
document.addEventListener("pointercancel", () => { pressed = null; });
document.addEventListener("pointerup", (event) => {
  const now = event.target.closest?.("button[data-do]");
  if (now && pressed && !pressed.isConnected && alike(now, pressed)) now.click();
  pressed = null;
});
document.addEventListener("click", (event) => {
  const cite = event.target.closest?.("a.pc-cite");
  if (cite) { event.preventDefault(); hideTip(); return goTo(cite); }
  const on = event.target.closest?.("button[data-do]");
  if (on && doing[on.dataset.do]) doing[on.dataset.do](on);
  if (event.target.closest?.("#pc-tabs button[role=tab]")) setTimeout(sideState);
  if (!wide() && !event.composedPath().some((each) => ["pc-side-column", "pc-side-button"].includes(each.id))) closeSide();
  if (!event.target.closest?.(".pc-menu")) closeMenus();
  else if (on && on.closest(".pc-menu") && on.dataset.do !== "add-chip") closeMenus();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "pc-form") {
    event.preventDefault();
    send();
  } else if (form.dataset.do === "comment") {
    event.preventDefault();
    act("comment", { turn: form.dataset.turn, comment: form.elements.comment.value });
  } else if (form.dataset.do) event.preventDefault();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-do=settings]");
  if (!form) return;
  const chosen = Object.fromEntries([...form.elements].filter((each) => each.name).map((each) => [each.name, each.type === "checkbox" ? each.checked : each.value]));
  if (event.target.name === "theme") theme((state.theme = chosen.theme));
  act("settings", { settings: chosen });
});

let typing = null;
document.addEventListener("input", (event) => {
  if (event.target.id === "pc-input") grow();
  if (event.target.type === "range") event.target.parentElement.querySelector("output").value = event.target.value;
  if (event.target.id !== "pc-search") return;
  clearTimeout(typing);
  typing = setTimeout(() => act("list"), 150);
});

document.addEventListener("keydown", (event) => {
  if (["PageUp", "PageDown", "Home", "ArrowUp"].includes(event.key)) state.follow = false;
  if (event.key === "Escape") { hideTip(); openSheet(false); closeMenus(); if (!wide()) closeSide(); if (state.editing && event.target.id === "pc-input") cancelEditing(); }
  if (event.target.id === "pc-input" && event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  if (event.target.id === "pc-value" && event.key === "Enter") { event.preventDefault(); typedChip(); }
});

function send() {
  const input = $("pc-input"), text = input.value;
  if (!text.trim() || state.job) return;
  const more = state.editing ? { mode: state.editing.mode, turn: state.editing.turn, original: state.editing.original } : {};
  input.value = "";
  grow();
  leaveEditing();
  ask(text, more);
}

function gather(table) {
  const input = $("pc-input"), text = input.value;
  if (state.job) return say(word("said.busy"));
  if (!text.trim() && !state.chips.length && table === "compare") return say(word("ask.nothing"));
  input.value = "";
  grow();
  leaveEditing();
  ask(text, { table });
}

function questionOf(on) { return on.closest(".pc-turn").querySelector(".pc-question").dataset.question; }
function startEditing(on, mode, text) {
  state.editing = { mode, turn: on.dataset.turn, original: questionOf(on) };
  $("pc-editing").hidden = mode !== "edit";
  const input = $("pc-input");
  input.value = text;
  grow();
  input.focus();
}
function leaveEditing() { state.editing = null; if ($("pc-editing")) $("pc-editing").hidden = true; }
function cancelEditing() {
  leaveEditing();
  $("pc-input").value = "";
  grow();
  $("pc-input").focus();
}
function grow() { const input = $("pc-input"); input.style.height = "auto"; input.style.height = `${Math.min(input.scrollHeight, 200)}px`; }
function closeMenus() { document.querySelectorAll("details.pc-menu[open]").forEach((each) => { if (!each.contains(document.activeElement) || each.id !== "pc-limit") each.open = false; }); }
