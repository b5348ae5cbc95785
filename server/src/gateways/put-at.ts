type Fields = Record<string, unknown>;

/** Puts a value at a path such as `appointment.id`; what is missing on the way is made. */
export function putAt(body: Fields, path: string, value: unknown): void {
  const names = path.split(".");
  const last = names.pop() ?? "";
  let at = body;
  for (const name of names) {
    const inner = at[name];
    const next = typeof inner === "object" && inner !== null ? (inner as Fields) : {};
    at[name] = next;
    at = next;
  }
  at[last] = value;
}
