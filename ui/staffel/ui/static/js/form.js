// Comfort for forms: the server says what is shown with what was typed, and adds or takes away rows, without the page being loaded anew;
// what was typed is kept as a draft. Without script each of these is a button or happens when the form is sent.

const QUIET = 400; // milliseconds after the last key until the server is asked what applies

/** What stands in the form but for its files, which go out only when a person sends it. */
function typed(form) {
  const data = new FormData(form);
  for (const input of form.querySelectorAll("input[type=file]")) data.delete(input.name);
  return data;
}

/** The page as the server shows it with what stands in the form; null when it does not answer. */
async function ask(form, name, value) {
  const body = typed(form);
  body.append(name, value);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body }).catch(() => null);
  if (!answer?.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Show the parts whose conditions hold: a moment after the last key, so that nothing moves when the field is left, and when it is left.
 * All of them when the server does not answer then, for it asks again when the form is sent. */
function showWhatApplies(form) {
  let latest = 0;
  let shown = "";
  let timer;
  const show = async (isTyping) => {
    clearTimeout(timer);
    const now = new URLSearchParams(typed(form)).toString();
    if (now === shown || !form.querySelector("[data-part]")) return;
    const turn = ++latest;
    const page = await ask(form, "_zeigen", "ja");
    if (turn !== latest || (isTyping && !page)) return;
    shown = page ? now : "";
    for (const part of form.querySelectorAll("[data-part]")) {
      const there = page?.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
      part.hidden = there ? there.hidden : page !== null;
      for (const asked of form.querySelectorAll(`[name="_gefragt"][value="${CSS.escape(part.dataset.part)}"]`)) {
        asked.disabled = part.hidden;
      }
    }
  };
  form.addEventListener("change", () => show(false));
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => show(true), QUIET);
  });
}

/** Add or take away a row where its button is; the focus goes to the new row, or to the list. */
async function changeRows(form, button) {
  const rows = button.closest("[data-rows]");
  const page = await ask(form, button.name, button.value);
  const fresh = page?.getElementById(rows.id);
  if (!fresh) return form.requestSubmit(button);
  rows.replaceWith(fresh);
  (fresh.querySelector("[data-begun] :is(input:not([type=hidden]), select, textarea)") ?? fresh).focus();
  form.dispatchEvent(new Event("input"));
}

/** Send what stands in the form to its draft address, a moment after the last change. */
function keepDraft(form) {
  let timer;
  const note = document.getElementById(form.dataset.draftNote);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: typed(form) }).catch(() => null);
      if (note) note.textContent = answer?.ok ? note.dataset.kept : answer?.status === 401 ? note.dataset.ended : note.dataset.lost;
    }, 1500);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}

for (const form of document.querySelectorAll("form[data-model-form]")) {
  showWhatApplies(form);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name='_zeile'], button[name='_ohne']");
    if (!button) return;
    event.preventDefault();
    changeRows(form, button);
  });
  if (form.dataset.draft) keepDraft(form);
}
