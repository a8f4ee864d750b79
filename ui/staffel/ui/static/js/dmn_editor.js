// The table editor: dmn-js on a page of its own. It changes the table only; the server puts it into the file, checks and saves
// it as it does for the form and for spreadsheets. What was typed is kept in this window until it is saved or discarded.

const { translateModule, fileAt } = window.staffelDmn;
const form = document.querySelector("[data-dmn-editor]");
const said = JSON.parse(form.dataset.said);
const area = form.querySelector("[data-area]");
const buttons = form.querySelector("[data-buttons]");
const told = document.getElementById("stand");
const kept = `staffel-dmn:${form.dataset.account}:${form.dataset.save}`;

/** dmn-js puts style elements into the page while it runs; they get the word by which this page's policy knows them. */
function vouchForStyles() {
  const nonce = document.querySelector("script[nonce]").nonce;
  const create = document.createElement.bind(document);
  document.createElement = (name, options) => {
    const made = create(name, options);
    if (String(name).toLowerCase() === "style") made.nonce = nonce;
    return made;
  };
}

function tell(kind, text, items = [], link = null) {
  const box = document.createElement("div");
  box.className = `kern-alert kern-alert--${kind} st-alert`;
  const head = document.createElement("div");
  head.className = "kern-alert__header";
  const title = document.createElement("span");
  title.className = "kern-title";
  title.textContent = text;
  head.append(title);
  box.append(head);
  const body = document.createElement("div");
  body.className = "kern-alert__body";
  const list = document.createElement("ul");
  list.className = "st-list";
  for (const item of items) list.append(Object.assign(document.createElement("li"), { textContent: item }));
  if (items.length) body.append(list);
  if (link) body.append(Object.assign(document.createElement("a"), { className: "kern-link", href: link.href, textContent: link.text }));
  if (body.childElementCount) box.append(body);
  told.replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
}

/** What stands in the head of the form, by the names of the API. */
function headOf() {
  const field = (name) => form.elements[name].value.trim();
  return {
    valid_from: field("validFrom") || null,
    valid_to: field("validTo") || null,
    legal_state: field("legalState"),
    legal_bases: field("legalBasis").split(";").map((part) => part.trim()).filter(Boolean),
  };
}

/** A table as dmn-js shows it and as the file has it. dmn-js knows one annotation per rule, its description. */
class Table {
  constructor(element, sheet) {
    this.sheet = sheet;
    this.first = new Map((element.rule ?? []).map((rule, index) => [rule.id, { index, note: rule.description ?? "" }]));
  }

  /** The annotations and the id of a rule as they are in the file; those of a new one are empty. */
  before(rule) {
    const found = this.first.get(rule.id);
    const cells = found ? this.sheet.rules[found.index] : null;
    return { id: cells?.[0] ?? rule.id, notes: cells?.slice(cells.length - this.sheet.notes.length) ?? this.sheet.notes.map(() => ""), note: found?.note ?? "" };
  }

  notesOf(rule, width) {
    const { notes, note } = this.before(rule);
    const now = rule.description ?? "";
    const cells = now === note ? notes : [now, ...notes.slice(1).map(() => "")];
    return Array.from({ length: width }, (_, index) => cells[index] ?? "");
  }

  /** The table as the API takes it. */
  editOf(element) {
    const text = (part) => part?.text ?? "";
    const inputs = element.input ?? [];
    const outputs = element.output ?? [];
    const rules = element.rule ?? [];
    const isNoted = rules.some((rule) => (rule.description ?? "") !== this.before(rule).note);
    const notes = this.sheet.notes.length || !isNoted ? this.sheet.notes : [said.note];
    return {
      hit_policy: element.hitPolicy ?? "UNIQUE",
      aggregation: element.aggregation ?? "",
      columns: [
        ...inputs.map((each) => ({ kind: "input", label: each.label ?? "", text: text(each.inputExpression), type: each.inputExpression?.typeRef ?? "", allowed: text(each.inputValues) })),
        ...outputs.map((each) => ({ kind: "output", label: each.label ?? "", text: each.name ?? "", type: each.typeRef ?? "", allowed: text(each.outputValues), default: text(each.defaultOutputEntry) })),
        ...notes.map((label) => ({ kind: "annotation", label })),
      ],
      rules: rules.map((rule) => [
        this.before(rule).id,
        ...(rule.inputEntry ?? []).map(text),
        ...(rule.outputEntry ?? []).map(text),
        ...this.notesOf(rule, notes.length),
      ]),
    };
  }
}

class Editor {
  async open() {
    this.modeler = new window.DmnJS({
      container: area,
      // What is typed is in the table at once, so that a quick press on Save takes it along.
      decisionTable: { additionalModules: [translateModule], debounceInput: false },
    });
    const xml = await fileAt(form.dataset.dmnEditor);
    await this.load(xml);
    this.table = new Table(this.element(), JSON.parse(form.dataset.sheet));
    await this.restore();
    form.addEventListener("input", () => this.keep());
    buttons.hidden = false;
    form.dataset.ready = "yes";
  }

  async load(xml) {
    await this.modeler.importXML(xml, { open: false });
    const view = this.modeler.getViews().find(({ type, element }) => type === "decisionTable" && element.id === form.dataset.decision);
    await this.modeler.open(view);
    // dmn-js leaves the head of the numbers empty; it is a cell, not a heading.
    area.querySelector("th.index-column")?.setAttribute("role", "cell");
    this.modeler.getActiveViewer().get("eventBus").on("commandStack.changed", () => this.keep());
  }

  element() {
    return this.modeler.getDefinitions().drgElement.find(({ id }) => id === form.dataset.decision).decisionLogic;
  }

  /** What is typed stays in this window, whatever happens to page, session or network. */
  keep() {
    delete form.dataset.kept;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepNow(), 300);
  }

  async keepNow() {
    const { xml } = await this.modeler.saveXML({ format: false });
    const head = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    try {
      window.sessionStorage.setItem(kept, JSON.stringify({ xml, head }));
    } catch {
      tell("warning", said.unkept);
    }
    form.dataset.kept = "yes";
  }

  async restore() {
    const draft = JSON.parse(window.sessionStorage.getItem(kept) ?? "null");
    if (!draft) return;
    await this.load(draft.xml);
    for (const [name, value] of Object.entries(draft.head)) if (form.elements[name]) form.elements[name].value = value;
    tell("info", said.restored);
  }

  discard() {
    clearTimeout(this.timer);
    window.sessionStorage.removeItem(kept);
    window.location.reload();
  }

  /** Ask the server; what it refuses is told and nothing is lost. */
  async send(address) {
    document.activeElement?.blur?.();
    await this.keepNow();
    const body = JSON.stringify({ ...headOf(), ...this.table.editOf(this.element()) });
    const headers = { "content-type": "application/json", accept: "application/json", "x-csrf-token": form.dataset.token };
    const answer = await fetch(address, { method: "POST", headers, body }).catch(() => null);
    if (!answer) return tell("danger", said.offline);
    const found = await answer.json().catch(() => ({}));
    if (answer.ok) return found;
    if (answer.status === 401) return tell("danger", said.signedOut, [], { href: form.dataset.signIn, text: said.signIn });
    if (found.code === "foreign-request") return tell("danger", said.reload);
    const places = (found.errors ?? []).map(({ where, message }) => `${where}: ${message}`);
    return tell("danger", (document.documentElement.lang === "de" ? found.message_de : found.detail) ?? said.offline, places);
  }

  async check() {
    const found = await this.send(form.dataset.check);
    if (!found) return;
    const texts = found.findings.map((each) => (document.documentElement.lang === "de" ? each.text_de : each.text_en));
    const worst = found.findings.some(({ severity }) => severity === "error") ? "danger" : "warning";
    tell(texts.length ? worst : "success", texts.length ? said.findings : said.none, texts);
  }

  async save() {
    const made = await this.send(form.dataset.save);
    if (!made) return;
    clearTimeout(this.timer);
    window.sessionStorage.removeItem(kept);
    window.location.assign(`${form.dataset.after}${made.version.id}`);
  }
}

vouchForStyles();
const editor = new Editor();
editor.open().catch((error) => {
  tell("danger", said.broken);
  console.warn("diagram:", error.message);
});
form.addEventListener("submit", (event) => event.preventDefault());
buttons.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-do]");
  if (!button || button.disabled) return;
  button.disabled = true;
  try {
    await editor[button.dataset.do]();
  } finally {
    button.disabled = false;
  }
});
