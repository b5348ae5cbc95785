/** Text that is markup already; everything else is escaped where it is put in. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Piece = Html | string | number | null | false | undefined | readonly Piece[];

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function render(piece: Piece): string {
  if (piece instanceof Html) return piece.text;
  if (piece === null || piece === false || piece === undefined) return "";
  if (typeof piece === "object") return piece.map(render).join("");
  return String(piece).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}

/** Markup with values in it: strings are escaped, lists are joined, null and false are nothing. */
export function html(parts: TemplateStringsArray, ...values: Piece[]): Html {
  return new Html(parts.reduce((text, part, i) => text + render(values[i - 1]) + part));
}

/** A long code may be broken after each of its words. */
export function breakableCode(code: string): Html {
  return html`${code.split("_").map((word, i) => (i === 0 ? html`${word}` : html`_<wbr />${word}`))}`;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?/g;

/** JSON for a person, with its keys, texts and other values marked. */
export function jsonCode(value: unknown): Html {
  const text = JSON.stringify(value, null, 2);
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, quoted, colon] = match;
    pieces.push(text.slice(end, match.index));
    if (quoted === undefined) pieces.push(html`<span class="v">${token}</span>`);
    else if (colon === undefined) pieces.push(html`<span class="s">${quoted}</span>`);
    else pieces.push(html`<span class="k">${quoted}</span>`, colon);
    end = match.index + token.length;
  }
  return html`${pieces}${text.slice(end)}`;
}
