// The islands of a decision's page: its table and the graph that it stands in, drawn by dmn-js.
//   [data-dmn-table]  address of the file; data-decision; data-marks (JSON): [{rule, hit, sign, text, refuses}]
//   [data-dmn-graph]  address of the file; data-decision; data-links (JSON): {id: address}
// All of it stands on the page as text, too; without script only that.

const { translateModule, fileAt } = window.staffelDmn;
const COLOURS = { defaultFillColor: "var(--diagram-fill)", defaultStrokeColor: "var(--diagram-stroke)", defaultLabelColor: "var(--diagram-label)" };

/** dmn-js in an area, open on the view that `wanted` picks. */
async function open(area, address, wanted) {
  const xml = await fileAt(address);
  area.replaceChildren();
  const viewer = new window.DmnJS({
    container: area,
    drd: { additionalModules: [translateModule], drdRenderer: COLOURS },
    decisionTable: { additionalModules: [translateModule] },
  });
  await viewer.importXML(xml, { open: false });
  const view = viewer.getViews().find(wanted);
  if (!view) throw new Error("nothing to draw");
  await viewer.open(view);
  return viewer;
}

function markRules(area, marks) {
  const rows = area.querySelectorAll(".tjs-table tbody tr");
  for (const { rule, hit, sign, text, refuses } of marks) {
    const row = rows[rule - 1];
    if (!row) continue;
    const number = row.querySelector(".rule-index");
    if (hit) row.classList.add("st-rule-hit");
    if (sign) number.dataset.sign = sign;
    if (text) number.title = text;
    if (refuses) row.querySelectorAll(".input-cell")[refuses - 1]?.classList.add("st-cell-refuses");
  }
}

async function drawTable(area) {
  await open(area, area.dataset.dmnTable, (view) => view.type === "decisionTable" && view.element.id === area.dataset.decision);
  markRules(area, JSON.parse(area.dataset.marks));
  const scroller = area.querySelector(".tjs-table-container");
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "group");
  scroller.setAttribute("aria-label", area.getAttribute("aria-label"));
  // dmn-js leaves the head of the numbers empty; it is a cell, not a heading.
  area.querySelector("th.index-column")?.setAttribute("role", "cell");
  for (const twin of document.querySelectorAll("details[data-twin]")) twin.open = false;
}

async function drawGraph(area) {
  const viewer = await open(area, area.dataset.dmnGraph, (view) => view.type === "drd");
  const links = JSON.parse(area.dataset.links);
  const drawing = viewer.getActiveViewer();
  const canvas = drawing.get("canvas");
  const registry = drawing.get("elementRegistry");
  canvas.zoom("fit-viewport", "auto");
  if (registry.get(area.dataset.decision)) canvas.addMarker(area.dataset.decision, "st-alive");
  for (const id of Object.keys(links)) if (registry.get(id)) canvas.addMarker(id, "st-linked");
  drawing.get("eventBus").on("element.click", ({ element }) => {
    const address = links[element.id];
    if (address) window.location.assign(address);
  });
}

for (const [area, draw] of [
  ...[...document.querySelectorAll("[data-dmn-table]")].map((area) => [area, drawTable]),
  ...[...document.querySelectorAll("[data-dmn-graph]")].map((area) => [area, drawGraph]),
]) {
  draw(area).then(() => { area.dataset.ready = "yes"; }).catch((error) => {
    area.replaceChildren();
    const told = document.createElement("p");
    told.className = "st-diagram__fault";
    told.textContent = area.dataset.fault;
    area.append(told);
    console.warn("diagram:", error.message);
  });
}
