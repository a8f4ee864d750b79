// Tells on a page that something has changed, and never moves what somebody is about to press: the line for it has its place
// from the start, counts change where they stand, and a row that is done with is struck through and cannot be pressed any more.
// One connection per window that is looked at; it comes back by itself, later and later, and hears what it missed.

const QUIET = 1500; // so many milliseconds at most between hearing of a change and asking for it: not everybody at once
const LONGEST = 60_000;
const MOST_ROWS = 200;
const title = document.title;
let last = place()?.dataset.mark;
let listening = null;
let failures = 0;
let waiting = 0;

function place() {
  return document.querySelector("[data-live]");
}

/** The events of a stream, as `{type, data}`. */
async function* eventsOf(body) {
  let text = "";
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + part).split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: ?(.*)/s)));
      if (fields.event) yield { type: fields.event, data: fields.data ?? "" };
    }
  }
}

async function listen() {
  clearTimeout(waiting);
  if (listening || document.hidden || !place()) return;
  const stop = (listening = new AbortController());
  try {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": last };
    const answer = await fetch(place().dataset.live, { headers, signal: stop.signal, cache: "no-store" });
    if ([401, 403, 404].includes(answer.status)) return end();
    if (!answer.ok) throw new Error(String(answer.status));
    failures = 0;
    for await (const event of eventsOf(answer.body)) {
      if (event.type === "ended") return end();
      last = event.data;
      setTimeout(() => tell().catch(() => {}), Math.random() * QUIET);
    }
  } catch {
    failures += 1;
  }
  if (stop.signal.aborted) return;
  listening = null;
  waiting = setTimeout(listen, Math.min(1000 * 2 ** failures, LONGEST) * (0.5 + Math.random() / 2));
}

function rest() {
  clearTimeout(waiting);
  listening?.abort();
  listening = null;
}

/** The session has ended, or the right to see this: say so and stay quiet. */
function end() {
  say(place().dataset.ended, location.href);
}

async function tell() {
  const line = place();
  if (!line || line.dataset.mark === last) return;
  const heard = last;
  if (line.dataset.look) await tellOfInbox(line);
  else say(line.dataset.fresh);
  line.dataset.mark = heard;
}

async function tellOfInbox(line) {
  const rows = [...document.querySelectorAll("[data-task]")].slice(-MOST_ROWS);
  const query = rows.map((row) => `&zeile=${row.dataset.task}`).join("");
  const answer = await fetch(line.dataset.look + query, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok || !line.isConnected) return;
  const now = await answer.json();
  for (const [view, number] of Object.entries(now.counts)) document.querySelector(`[data-count="${view}"]`).textContent = number;
  for (const [name, text] of Object.entries(now.said)) {
    const link = document.querySelector(`[data-said="${name}"]`);
    if (!link.parentElement.matches(":hover, :focus-within")) link.textContent = text; // a longer number moves what stands beside it
  }
  for (const row of rows) strike(row, now.rows[row.dataset.task] ?? "");
  line.querySelector("span").textContent = document.querySelector(".st-gone") ? line.dataset.gone : "";
  say(now.fresh);
  document.title = now.number ? `(${now.number}) ${title}` : title;
}

function say(text, address) {
  const link = place()?.querySelector("a");
  if (!link) return;
  if (address) link.href = address;
  if (link.textContent === text) return;
  link.textContent = text;
  link.hidden = !text;
}

/** The row stays where it is; what it offers cannot be pressed as long as there is a reason, but keeps the focus if it has it. */
function strike(row, why) {
  row.classList.toggle("st-gone", Boolean(why));
  for (const each of row.querySelectorAll("button, input")) {
    each.ariaDisabled = why ? "true" : null;
    if (why && each.type === "checkbox") each.checked = false;
  }
  row.querySelector(".st-gone__why")?.remove();
  if (!why) return;
  const note = document.createElement("span");
  note.className = "st-gone__why";
  note.textContent = why;
  row.querySelector("th").append(note);
}

for (const kind of ["click", "submit"]) {
  document.addEventListener(
    kind,
    (event) => {
      if (!event.target.closest(".st-gone") || event.target.closest("a")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}

/** What was typed into a comment outlives the press on "anzeigen". */
function keepComment() {
  const field = document.getElementById("vermerk");
  const key = `vermerk ${location.pathname}`;
  if (!field) return;
  if (!field.value) field.value = sessionStorage.getItem(key) ?? "";
  sessionStorage.removeItem(key);
  place()?.addEventListener("click", () => field.value && sessionStorage.setItem(key, field.value));
}

document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
addEventListener("pagehide", rest);
addEventListener("pageshow", (event) => event.persisted && listen());
keepComment();
listen();
