// --- within which papers

const MOST_CHIPS = 3; // single papers; of more, their number is shown

function typedChip() {
  const kind = $("pc-kind").value, value = $("pc-value").value.trim();
  if (!value) return;
  if (kind === "year" && !/^\d{4}\s*([-–]\s*(\d{4})?)?$|^[-–]\s*\d{4}$/.test(value)) return say(word("scope.badyear"));
  $("pc-value").value = "";
  $("pc-limit").open = false;
  addChip({ kind, value, label: `${word("scope." + kind)}: ${value}` });
}
function addChip(chip) {
  if (!state.chips.some((each) => each.kind === chip.kind && each.value === chip.value)) state.chips.push(chip);
  chipsChanged();
}
function chipsChanged() { state.count = undefined; drawChips(); act("scope", { scope: state.chips }); markThemes(); }
function drawChips() {
  const place = $("pc-chips");
  if (!place) return;
  place.replaceChildren();
  const text = state.chips.length ? word("scope.some", { count: state.count ?? "…", all: state.all ?? "…" }) : word({ 0: "scope.all.none", 1: "scope.all.one" }[state.all] ?? "scope.all", { count: state.all ?? "" });
  place.append(make("span", { class: "pc-scope-text" }, text));
  const papers = state.chips.filter((chip) => chip.kind === "paper");
  state.chips.forEach((chip, at) => {
    if (chip.kind === "paper" && papers.length > MOST_CHIPS) return;
    const shown = make("span", { class: "pc-chip" });
    shown.append(make("span", { dir: "auto" }, chip.label || chip.value), make("button", { type: "button", "data-do": "remove-chip", "data-place": at, "data-value": `${chip.kind}:${chip.value}`, "aria-label": word("scope.remove", { label: chip.label || chip.value }) }, "×"));
    place.append(shown);
  });
  if (papers.length > MOST_CHIPS) {
    const shown = make("span", { class: "pc-chip", title: papers.map((chip) => chip.label || chip.value).join("\n") });
    shown.append(make("span", {}, word("scope.papers", { count: papers.length })), make("button", { type: "button", "data-do": "remove-papers", "aria-label": word("scope.remove", { label: word("scope.papers", { count: papers.length }) }) }, "×"));
    place.append(shown);
  }
  if ($("pc-export")) $("pc-export").hidden = !state.chips.length;
  if (state.chips.length) place.append(make("button", { type: "button", "data-do": "clear-chips", class: "pc-quiet" }, word("scope.clear")));
  if (state.chips.length && state.count === 0) place.append(make("span", { class: "pc-notice", role: "status" }, word("scope.nothing")));
}
function fillValues(values) { state.values = values; offer(); }
function offer() {
  $("pc-values")?.replaceChildren(...((state.values || {})[$("pc-kind").value] || []).map((value) => make("option", { value })));
}
document.addEventListener("change", (event) => { if (event.target.id === "pc-kind") offer(); });
document.addEventListener("paperchat:scope", (event) => {
  const named = event.detail?.collection;
  state.chips = named ? [{ kind: "collection", value: String(named), label: `${word("scope.collection")}: ${named}` }]
    : (event.detail?.papers || []).map((paper) => ({ kind: "paper", value: String(paper.id), label: String(paper.title || "") }));
  showTab();
  chipsChanged();
});
// Other papers than before: their number, what there is to limit by, and the home, which shows them, or says that there are none.
document.addEventListener("paperchat:papers", () => {
  act("collection", { scope: state.chips });
  if (!state.job && $("pc-thread").querySelector(".pc-empty")) act("open", { id: state.conversation });
});
document.addEventListener("paperchat:ask", (event) => ask(String(event.detail?.question || "")));

document.addEventListener("paperchat:refused", () => { if (state.job) { giveBack(askedNow()); $("pc-asked")?.remove(); busy(false); say(word("said.refused")); } });
