// Comfort for forms: fields that depend on another are hidden while it says so, and what was typed is kept as a draft.
// The server decides in either case.

function holds(form, name, wanted) {
  const inputs = form.elements[name];
  if (!inputs) return true;
  const list = inputs instanceof RadioNodeList ? [...inputs] : [inputs];
  const boxes = list.filter((input) => input.type === "checkbox" || input.type === "radio");
  if (boxes.length) {
    const ticked = boxes.filter((input) => input.checked).map((input) => input.value);
    return ticked.includes(wanted) || (wanted === "false" && ticked.length === 0 && boxes[0].type === "checkbox");
  }
  return list.some((input) => input.value === wanted);
}

function showWhatApplies(form) {
  for (const part of form.querySelectorAll("[data-show-if]")) {
    const shown = holds(form, part.dataset.showIf, part.dataset.showEquals);
    part.hidden = !shown;
    for (const input of part.querySelectorAll("input, select, textarea")) input.disabled = !shown;
  }
}

/** Send what stands in the form to its draft address, a moment after the last change. */
function keepDraft(form) {
  let timer;
  const note = document.getElementById(form.dataset.draftNote);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form) }).catch(() => null);
      if (note) note.textContent = answer?.ok ? note.dataset.kept : note.dataset.lost;
    }, 1500);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}

for (const form of document.querySelectorAll("form[data-model-form]")) {
  showWhatApplies(form);
  form.addEventListener("change", () => showWhatApplies(form));
  if (form.dataset.draft) keepDraft(form);
}
