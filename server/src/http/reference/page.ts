import { html, type Html } from "./html.ts";

/** Nothing but markup and the one stylesheet: no script, no frame, no form. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface Group {
  title: string;
  links: { href: string; text: string; method?: string }[];
}

/** The frame that all pages here share. */
export function page(title: string, description: string, stylesheet: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${description}">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/docs/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${stylesheet}">
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
${body}
</body>
</html>
`.text;
}

export function topBar(trail: string | null): Html {
  return html`<header class="top">
    <a class="brand" href="/"><img src="/docs/icon.svg" alt="" width="24" height="24" />Kotally</a>
    ${trail !== null && html`<span class="trail">${trail}</span>`}
    <nav class="links" aria-label="Kotally">
      <a href="/docs/api">Reference</a>
      <a href="/api/v2/openapi.json">OpenAPI</a>
    </nav>
  </header> `;
}

/** The contents: on a phone folded, beside the text where there is room. */
export function contents(groups: readonly Group[]): Html {
  const list = groups.map(
    ({ title, links }) =>
      html`<p class="group">${title}</p>
        <ul>
          ${links.map(
            ({ href, text, method }) =>
              html`<li>
                <a href="${href}">${text}${method !== undefined && html`<span class="method ${method}">${method}</span>`}</a>
              </li>`,
          )}
        </ul>`,
  );
  return html`<nav class="contents wide" aria-label="Contents">${list}</nav>
    <details class="contents narrow">
      <summary>Contents</summary>
      <nav aria-label="Contents, folded">${list}</nav>
    </details> `;
}

/** The start page: what this is, and where to go. */
export function startPage(stylesheet: string): string {
  const body = html`${topBar(null)}
    <main id="content" class="start">
      <h1>Every credit accounted for.</h1>
      <p class="lead">
        Kotally is a credit ledger for businesses that sell visits. A purchase becomes credits, a booking takes them, a
        cancellation gives them back, and time lets them expire, renew or roll over. Each movement is kept with its reason.
      </p>
      <ul class="cards">
        <li><a href="/admin"><b>Console</b><span>Members, products and everything that needs a person.</span></a></li>
        <li><a href="/docs/api"><b>API reference</b><span>Grant, check, deduct and restore, in five minutes.</span></a></li>
        <li><a href="/api/v2/openapi.json"><b>OpenAPI 3.1</b><span>The same contract, for your tools.</span></a></li>
        <li><a href="/api/v2/reason-codes"><b>Reason codes</b><span>Every answer, its meaning and its remedy.</span></a></li>
        <li><a href="/readyz"><b>Readiness</b><span>Whether this server takes requests now.</span></a></li>
      </ul>
    </main> `;
  return page("Kotally", "A credit ledger for businesses that sell visits.", stylesheet, body);
}

export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="#0f766e"/>' +
  '<path d="M7 6v12M11 6v12M15 6v12M4.5 15.5l15-7" stroke="#fff" stroke-width="2" stroke-linecap="round" fill="none"/></svg>';
