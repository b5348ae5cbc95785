/** What a form says, its names taken apart: `items[0][quantity]=3` → `{ items: { 0: { quantity: "3" } } }`. */
export type Form = { [name: string]: string | Form };

/** Names that mean something to every object. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

export function readForm(fields: URLSearchParams): Form {
  const form: Form = {};
  for (const [path, value] of fields) {
    const steps = path.replaceAll("]", "").split("[");
    if (steps.some((step) => FORBIDDEN.has(step))) continue;
    const last = steps.pop() ?? "";
    let here = form;
    for (const step of steps) {
      const next = here[step];
      here = here[step] = typeof next === "object" ? next : {};
    }
    here[last] = value;
  }
  return form;
}
