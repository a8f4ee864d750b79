// The palette: Ctrl+K or the link "Suchen" opens it; it goes to pages, cases, tasks and models and presses the page's own buttons.
// The pattern is the ARIA combobox with a list: the focus stays in the field, the chosen option is told by aria-activedescendant.

const dialog = document.getElementById("palette");
const field = dialog.querySelector("[role=combobox]");
const list = dialog.querySelector("[role=listbox]");
const status = dialog.querySelector("[role=status]");
const link = document.querySelector(`[data-palette="${dialog.id}"]`);
const PAUSE = 150; // milliseconds without a key before the server is asked
let doing = []; // what choosing an option does, by its place in the list
let asked = null;
let typing = 0;

function open(event) {
  event.preventDefault();
  if (dialog.open) return;
  dialog.showModal();
  field.value = "";
  list.replaceChildren();
  look();
}

/** The buttons of the page as they are now: neither those of single rows nor those of filters. */
function actionsOfPage() {
  const buttons = [...document.querySelectorAll("main .kern-btn")];
  return buttons.filter((each) => each.checkVisibility() && !each.disabled && each.ariaDisabled !== "true" && !each.closest("tr, .st-filter, [data-zoom]"));
}

async function look() {
  asked?.abort();
  asked = new AbortController();
  const sought = field.value.trim();
  const groups = [actionGroup(sought)];
  try {
    const answer = await fetch(`${dialog.dataset.from}?q=${encodeURIComponent(sought)}`, { signal: asked.signal, headers: { Accept: "application/json" } });
    if (answer.status === 401) return location.assign("/suche");
    if (answer.ok) {
      for (const group of await answer.json()) {
        groups.push({ title: group.title, hits: group.hits.map((hit) => ({ ...hit, run: () => location.assign(hit.href) })) });
      }
    }
  } catch (error) {
    if (error.name === "AbortError") return;
  }
  show(groups.filter((group) => group.hits.length));
}

function actionGroup(sought) {
  const words = sought.toLowerCase().split(/\s+/);
  const hits = actionsOfPage().map((button) => ({ text: button.textContent.trim().replace(/\s+/g, " "), detail: "", run: () => button.click() }));
  return { title: dialog.dataset.actions, hits: hits.filter((hit) => words.every((word) => hit.text.toLowerCase().includes(word))) };
}

function show(groups) {
  doing = [];
  list.replaceChildren(...groups.map((group, index) => groupElement(group, `palette-gruppe-${index}`)));
  field.ariaExpanded = String(doing.length > 0);
  status.textContent = doing.length ? `${dialog.dataset.some} ${doing.length}` : dialog.dataset.none;
  choose(0);
}

function groupElement(group, id) {
  const element = document.createElement("div");
  const title = document.createElement("p");
  element.role = "group";
  element.setAttribute("aria-labelledby", id);
  title.id = id;
  title.className = "st-palette__title";
  title.textContent = group.title;
  element.append(title, ...group.hits.map(optionElement));
  return element;
}

function optionElement(hit) {
  const element = document.createElement("div");
  const detail = document.createElement("span");
  element.role = "option";
  element.id = `palette-${doing.push(hit.run) - 1}`;
  detail.className = "st-muted";
  detail.textContent = hit.detail;
  element.append(hit.text, " ", detail);
  return element;
}

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => options().findIndex((each) => each.ariaSelected === "true");

function choose(place) {
  const all = options();
  all.forEach((each, index) => (each.ariaSelected = String(index === place)));
  field.setAttribute("aria-activedescendant", all[place]?.id ?? "");
  all[place]?.scrollIntoView({ block: "nearest" });
}

function run(place) {
  const act = doing[place];
  if (!act) return;
  dialog.close();
  act();
}

function onKey(event) {
  const count = doing.length;
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in moves && count) {
    event.preventDefault();
    choose((chosen() + moves[event.key] + count) % count);
  } else if (event.key === "Enter") {
    event.preventDefault();
    run(chosen());
  }
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") open(event);
});
link.addEventListener("click", open);
link.querySelector("kbd").hidden = false;
field.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(look, PAUSE);
});
field.addEventListener("keydown", onKey);
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) run(options().indexOf(option));
});
