// What every page needs: nothing here is needed to read a page or to send a form.

/** A second press on a button sends nothing twice. */
function guardAgainstSecondPress(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  setTimeout(() => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }, 8000);
}

/** Files may be dropped on the area of a file input. */
function enableDropAreas() {
  for (const area of document.querySelectorAll("[data-drop]")) {
    const input = area.querySelector("input[type=file]");
    for (const kind of ["dragenter", "dragover"]) {
      area.addEventListener(kind, (event) => {
        event.preventDefault();
        area.dataset.over = "yes";
      });
    }
    for (const kind of ["dragleave", "drop"]) area.addEventListener(kind, () => delete area.dataset.over);
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

/** Escape closes an open menu and gives the focus back; a click elsewhere closes it. */
function enableMenus() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.st-menu[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.st-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
}

/** What the server refuses while a part of the page is fetched is shown as its page would be. */
function showRefusal(event) {
  const answer = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector("main");
  if (!answer) return;
  const main = document.querySelector("main");
  main.replaceChildren(...answer.childNodes);
  main.focus();
}

/** One tick chooses all of a list. */
function enableChoosingAll() {
  for (const all of document.querySelectorAll("[data-choose-all]")) all.hidden = false;
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.chooseAll;
    if (name) for (const box of document.querySelectorAll(`input[name="${name}"]:not([aria-disabled])`)) box.checked = event.target.checked;
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const all of document.querySelectorAll("[data-choose-all]")) all.hidden = false;
  });
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers.Accept = "text/html";
});
document.addEventListener("htmx:responseError", showRefusal);
document.addEventListener("submit", guardAgainstSecondPress);
enableDropAreas();
enableMenus();
enableChoosingAll();
document.querySelector("[data-error-summary]")?.focus();
