const MAX_LENGTH = 48;

/** What a thing is called in commands and files, from its name: lower-case letters and digits, joined by hyphens. */
export function keyOfName(name: string, otherwise = "workspace"): string {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f]/g, "")
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  return words.join("-").slice(0, MAX_LENGTH).replace(/-+$/, "") || otherwise;
}
