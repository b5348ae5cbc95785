const MAX_LENGTH = 500;

/** What tokens, keys and addresses of our providers and of our own look like. */
const SECRETS: readonly [RegExp, string][] = [
  [/\b(?:ktly|[rsp]k_(?:live|test)|whsec)_[\w-]+/g, "[secret]"],
  [/\bs1\.[0-9a-f]{8}\.[\w-]+/g, "[secret]"],
  [/\beyJ[\w-]+(?:\.[\w-]+)*/g, "[secret]"],
  [/\b(bearer|basic)\s+[^\s"',;]+/gi, "$1 [secret]"],
  [
    /\b((?:access|refresh)_?token|client_?secret|password|code|authorization)(["']?\s*[:=]\s*["']?)[^\s"'&,;}]+/gi,
    "$1$2[secret]",
  ],
  [/[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+/gi, "[email]"],
  [/(?:\+|%2B)[1-9][\d ().-]{6,18}\d/gi, "[phone]"],
];

/** A message that may be kept and shown: nothing in it opens anything or names a person, and it is short. */
export function redact(message: string): string {
  const clean = message
    .slice(0, MAX_LENGTH * 4)
    .toWellFormed()
    .replaceAll("\0", "");
  return SECRETS.reduce((text, [pattern, shown]) => text.replaceAll(pattern, shown), clean).slice(0, MAX_LENGTH);
}
