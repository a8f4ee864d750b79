// feelin's microseconds per text: JSON on stdin {beside, data, texts: {name: {text, value}}}, JSON on stdout.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const given = JSON.parse(readFileSync(0, "utf8"));
const { evaluate } = await import(createRequire(given.beside).resolve("feelin"));
const found = { parse_and_evaluate_us: {} };
for (const [name, { text, value }] of Object.entries(given.texts)) {
  const work = () => {
    const result = evaluate(text, given.data);
    return result !== null && typeof result === "object" && "value" in result ? result.value : result;
  };
  if (work() !== value) throw new Error(`${name}: expected ${value}, found ${JSON.stringify(work())}`);
  for (let n = 0; n < 300; n++) work();
  let least = Infinity;
  for (let round = 0; round < 15; round++) {
    const started = process.hrtime.bigint();
    for (let n = 0; n < 20; n++) work();
    least = Math.min(least, Number(process.hrtime.bigint() - started) / 20 / 1000);
  }
  found.parse_and_evaluate_us[name] = Math.round(least * 100) / 100;
}
console.log(JSON.stringify(found));
