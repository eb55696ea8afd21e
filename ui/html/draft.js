// --- a draft held against the papers

const draft = { job: "", text: "" };

opening.draft = async () => {
  if ($("pw-draft-form")) return;
  const told = await call("draft_form");
  if (told.html) { $("pw-draft-view").innerHTML = told.html; $("pw-draft-text").value = draft.text; }
};

async function checkDraft(form) {
  draft.text = form.elements.text.value;
  const told = await call("check_draft", { text: draft.text, collection: form.elements.collection?.value || "" });
  if (told.error) return;
  draft.job = told.job;
  const box = $("pw-checking"), bar = box.querySelector("progress");
  box.hidden = false;
  $("pw-draft").replaceChildren();
  $("pw-draft-summary").replaceChildren();
  const last = await follow("checking", told.job, (now) => {
    if (draft.job !== told.job || !$("pw-draft")) return;
    bar.max = now.total; bar.value = now.done;
    box.querySelector("span").textContent = now.said;
    $("pw-draft").insertAdjacentHTML("beforeend", now.rows);
  });
  if (draft.job !== told.job) return;
  box.hidden = true;
  if (last.summary) $("pw-draft-summary").innerHTML = last.summary;
}

submitting["pw-draft-form"] = checkDraft;
Object.assign(doing, {
  "pw-only": (on) => {
    const only = on.getAttribute("aria-pressed") === "true" ? "" : on.dataset.only;
    root.querySelectorAll("[data-only]").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.only === only)));
    $("pw-draft").querySelectorAll(":scope > li").forEach((each) => { each.hidden = Boolean(only) && !each.classList.contains(`pw-${only}`); });
  },
  "pw-export-draft": async () => { const told = await call("export_draft", { job: draft.job }); if (!told.error) download(told); },
});
