/** The first that fits names it: later browsers carry the names of earlier ones. */
const BROWSERS = [
  ["Edge", /Edg(?:e|A|iOS)?\//],
  ["Opera", /OPR\//],
  ["Samsung Internet", /SamsungBrowser\//],
  ["Firefox", /(?:Firefox|FxiOS)\//],
  ["Chrome", /(?:Chrome|CriOS)\//],
  ["Safari", /Safari\//],
] as const;

const SYSTEMS = [
  ["iPhone", /iPhone/],
  ["iPad", /iPad/],
  ["Android", /Android/],
  ["Windows", /Windows/],
  ["macOS", /Mac OS X|Macintosh/],
  ["Linux", /Linux|X11/],
] as const;

const MAX_LENGTH = 40;

/** What a browser says of itself, in two words; what is unknown as it came, shortened. */
export function browserName(user_agent: string): string {
  const [browser] = BROWSERS.find(([, pattern]) => pattern.test(user_agent)) ?? [];
  const [system] = SYSTEMS.find(([, pattern]) => pattern.test(user_agent)) ?? [];
  if (browser === undefined) return user_agent.slice(0, MAX_LENGTH);
  return system === undefined ? browser : `${browser} on ${system}`;
}
