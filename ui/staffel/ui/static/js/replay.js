// Plays the way to a fault on the diagram: a token goes from element to element. An element `[data-way]` holds the ids
// (JSON) of elements and flows in their order, an ordered list with a `[data-step]` (index of the way) per line, and the
// buttons `[data-play]`. The list says the same without any script.

const BEAT = 900;
const SVG = "http://www.w3.org/2000/svg";
const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

class Replay {
  constructor(area, diagram) {
    this.area = area;
    this.diagram = diagram;
    this.way = JSON.parse(area.dataset.way).filter((id) => diagram.registry.get(id));
    this.lines = [...area.querySelectorAll("[data-step]")];
    this.at = -1;
    this.timer = null;
    this.controls = area.querySelector("[data-controls]");
    this.said = area.querySelector("[data-said]");
    this.controls.hidden = this.way.length === 0;
    this.controls.addEventListener("click", (event) => {
      const what = event.target.closest("button")?.dataset.play;
      if (what === "toggle") this.toggle();
      if (what === "next") this.stop(), this.go(this.at + 1);
      if (what === "back") this.stop(), this.go(this.at - 1);
    });
    area.addEventListener("toggle", () => !area.open && this.leave());
  }

  toggle() {
    if (this.timer) return this.stop();
    if (this.at >= this.way.length - 1) this.at = -1;
    this.show(true);
    this.beat();
  }

  beat() {
    this.go(this.at + 1);
    if (this.at >= this.way.length - 1) return this.stop();
    this.timer = setTimeout(() => this.beat(), BEAT);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.show(false);
  }

  show(playing) {
    this.controls.querySelector("[data-when=playing]").hidden = !playing;
    this.controls.querySelector("[data-when=standing]").hidden = playing;
  }

  go(index) {
    if (index < 0 || index >= this.way.length) return;
    this.clear();
    this.at = index;
    const { canvas, registry } = this.diagram;
    for (const id of this.way.slice(0, index)) canvas.addMarker(id, "st-trail");
    const id = this.way[index];
    canvas.addMarker(id, "st-chosen");
    this.token(registry.get(id));
    this.see(id);
    this.tell(id);
  }

  /** The line of the list that is reached, and what it says for people who do not see the diagram. */
  tell(id) {
    for (const line of this.lines) line.removeAttribute("aria-current");
    const here = this.lines.filter((line) => Number(line.dataset.step) <= this.position()).at(-1);
    here?.setAttribute("aria-current", "step");
    this.said.textContent = `${this.at + 1} / ${this.way.length}: ${here?.textContent.trim() ?? id}`;
  }

  /** The place in the whole way, called processes included, which the drawing does not have. */
  position() {
    const all = JSON.parse(this.area.dataset.way);
    let seen = -1;
    for (let index = 0; index < all.length; index += 1) {
      if (this.diagram.registry.get(all[index])) seen += 1;
      if (seen === this.at) return index;
    }
    return all.length;
  }

  token(shape) {
    const layer = this.diagram.canvas.getLayer("staffel-token", 20);
    const dot = document.createElementNS(SVG, "circle");
    dot.setAttribute("r", "9");
    dot.setAttribute("class", "st-token");
    layer.replaceChildren(dot);
    const points = shape.waypoints ?? [{ x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 }];
    const place = ({ x, y }) => {
      dot.setAttribute("cx", String(x));
      dot.setAttribute("cy", String(y));
    };
    place(points.at(-1));
    if (points.length > 1 && !isCalm()) travel(points, place, dot);
  }

  /** Keep the token in view without throwing the reader about. */
  see(id) {
    const box = this.diagram.canvas.viewbox();
    const shape = this.diagram.registry.get(id);
    const { x, y } = shape.waypoints?.at(-1) ?? { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 };
    const inside = x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
    if (!inside) this.diagram.centre(id);
  }

  clear() {
    const { canvas } = this.diagram;
    for (const id of this.way) {
      canvas.removeMarker(id, "st-trail");
      canvas.removeMarker(id, "st-chosen");
    }
    canvas.getLayer("staffel-token", 20).replaceChildren();
  }

  leave() {
    this.stop();
    this.clear();
    this.at = -1;
  }
}

/** Move along a flow within most of a beat. */
function travel(points, place, dot) {
  const lengths = points.slice(1).map((point, index) => Math.hypot(point.x - points[index].x, point.y - points[index].y));
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  const begin = performance.now();
  const step = (now) => {
    if (!dot.isConnected) return;
    let left = Math.min(1, (now - begin) / (BEAT * 0.8)) * whole;
    let leg = 0;
    while (leg < lengths.length - 1 && left > lengths[leg]) left -= lengths[leg++];
    const share = lengths[leg] ? Math.min(1, left / lengths[leg]) : 1;
    const [from, to] = [points[leg], points[leg + 1]];
    place({ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share });
    if (now - begin < BEAT * 0.8) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

document.addEventListener("staffel:drawn", (event) => {
  for (const area of document.querySelectorAll("[data-way]")) new Replay(area, event.detail);
});
