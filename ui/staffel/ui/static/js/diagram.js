// The diagram island. An element `[data-diagram]` names the address of a BPMN file; `data-show` (JSON) says what to mark:
//   { positions: [{element, label}], past: [id], marks: [{element, number, kind, target, label}], waits: [{element, level, text, label}] }
// Everything it shows stands beside it as text, too. Labels become DOM nodes by textContent, never by markup.

const TRANSLATIONS = document.documentElement.lang === "de"
  ? { "Click to drill down": "Teilprozess öffnen" }
  : {};

const translateModule = {
  translate: ["value", (text, values = {}) => (TRANSLATIONS[text] ?? text).replace(/{([^}]+)}/g, (_, name) => values[name] ?? `{${name}}`)],
};

const files = new Map();

/** The file at an address, fetched once for all diagrams of the page. */
function fileAt(address) {
  if (!files.has(address)) {
    files.set(address, fetch(address, { headers: { accept: "application/xml" } }).then((response) => {
      if (!response.ok) throw new Error(`status ${response.status}`);
      return response.text();
    }));
  }
  return files.get(address);
}

function viewerFor(area) {
  return new window.BpmnJS({
    container: area,
    additionalModules: [translateModule],
    bpmnRenderer: {
      defaultFillColor: "var(--diagram-fill)",
      defaultStrokeColor: "var(--diagram-stroke)",
      defaultLabelColor: "var(--diagram-label)",
    },
    textRenderer: { defaultStyle: { fontFamily: '"Fira Sans", sans-serif' }, externalStyle: { fontFamily: '"Fira Sans", sans-serif' } },
  });
}

function node(kind, className, text, label) {
  const made = document.createElement(kind);
  made.className = className;
  made.textContent = text;
  if (label) made.setAttribute("aria-label", label);
  if (kind === "button") made.type = "button";
  return made;
}

/** One drawing with everything that can be done to it. */
class Diagram {
  constructor(area) {
    this.area = area;
    this.chosen = null;
  }

  async draw() {
    const given = JSON.parse(this.area.dataset.show || "{}");
    const xml = await fileAt(this.area.dataset.diagram);
    this.area.replaceChildren();
    this.viewer = viewerFor(this.area);
    await this.viewer.importXML(xml);
    this.canvas = this.viewer.get("canvas");
    this.registry = this.viewer.get("elementRegistry");
    this.overlays = this.viewer.get("overlays");
    this.mark(given);
    this.fit(given.positions?.map((position) => position.element) ?? []);
    this.connect();
    this.area.dataset.ready = "yes";
    this.area.dispatchEvent(new CustomEvent("staffel:drawn", { bubbles: true, detail: this }));
  }

  mark({ positions = [], past = [], marks = [], waits = [] }) {
    for (const id of past) if (this.registry.get(id)) this.canvas.addMarker(id, "st-past");
    for (const { element, label } of positions) {
      if (!this.registry.get(element)) continue;
      this.canvas.addMarker(element, "st-alive");
      this.overlay(element, { top: -14, left: -10 }, node("span", "st-mark st-mark--here", label));
    }
    for (const { element, level, text, label } of waits) {
      if (!this.registry.get(element)) continue;
      this.canvas.addMarker(element, `st-wait-${level}`);
      this.overlay(element, { top: -12, right: 22 }, node("span", "st-mark", text, label), 0.4);
    }
    const taken = new Map();
    for (const { element, number, kind, target, label } of marks) {
      if (!this.isDrawn(element)) continue;
      const place = taken.get(element) ?? 0;
      taken.set(element, place + 1);
      const button = node("button", `st-mark st-mark--${kind}`, String(number), label);
      button.addEventListener("click", () => this.choose(element, document.getElementById(target)));
      this.overlay(element, { top: -14, left: -10 + place * 28 }, button);
    }
  }

  /** Whether something is drawn for the id: the process itself is the sheet, not a shape on it. */
  isDrawn(id) {
    return Boolean(this.registry.get(id)?.parent);
  }

  overlay(element, position, html, smallest = 0.75) {
    this.overlays.add(element, { position, html, scale: { min: smallest, max: 1.25 } });
  }

  /** The whole diagram; where that would be too small to read, the live position in the middle. */
  fit(elements) {
    this.canvas.zoom("fit-viewport", "auto");
    const first = elements.find((id) => this.registry.get(id));
    if (this.canvas.zoom() < 0.55 && first) {
      this.canvas.zoom(0.75);
      this.centre(first);
    }
  }

  centre(id) {
    const element = this.registry.get(id);
    const box = this.canvas.viewbox();
    const middle = element.waypoints ? element.waypoints[Math.floor(element.waypoints.length / 2)] : { x: element.x + element.width / 2, y: element.y + element.height / 2 };
    this.canvas.viewbox({ x: middle.x - box.width / 2, y: middle.y - box.height / 2, width: box.width, height: box.height });
  }

  /** Show an element: from a row or a badge, by mouse or keyboard. */
  choose(id, row) {
    if (!this.isDrawn(id)) return;
    if (this.chosen) this.canvas.removeMarker(this.chosen, "st-chosen");
    this.chosen = id;
    this.canvas.addMarker(id, "st-chosen");
    this.centre(id);
    for (const other of document.querySelectorAll("[data-selected]")) delete other.dataset.selected;
    if (row) {
      row.dataset.selected = "yes";
      for (let fold = row.closest("[data-fold]"); fold; fold = fold.parentElement.closest("[data-fold]")) fold.open = true;
      row.scrollIntoView({ block: "nearest" });
      row.querySelector("button, a")?.focus({ preventScroll: true });
    }
  }

  connect() {
    const tools = document.querySelector(`[data-diagram-tools="${this.area.id}"]`);
    if (tools) tools.hidden = false;
    tools?.addEventListener("click", (event) => {
      const what = event.target.closest("button")?.dataset.zoom;
      if (what === "in") this.canvas.zoom(this.canvas.zoom() * 1.25);
      if (what === "out") this.canvas.zoom(this.canvas.zoom() / 1.25);
      if (what === "fit") this.canvas.zoom("fit-viewport", "auto");
    });
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-element]");
      if (button) this.choose(button.dataset.element, button.closest("[data-row]"));
    });
    for (const button of document.querySelectorAll("[data-element][hidden]")) {
      if (this.isDrawn(button.dataset.element)) button.hidden = false;
    }
  }
}

for (const area of document.querySelectorAll("[data-diagram]")) {
  const diagram = new Diagram(area);
  diagram.draw().catch((error) => {
    area.textContent = "";
    area.append(node("p", "st-diagram__fault", area.dataset.fault));
    console.warn("diagram:", error.message);
  });
}
