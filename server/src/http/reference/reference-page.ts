import type { Method, OpenApiDocument } from "./document.ts";
import { endpointSection, objectSection, type Endpoint } from "./endpoint-section.ts";
import { anchorOf } from "./fields.ts";
import { chapters, type Chapter } from "./guide.ts";
import { breakableCode, html, type Html } from "./html.ts";
import { contents, page, topBar, type Group } from "./page.ts";
import type { ReasonCode } from "./reason-codes.ts";

/** The objects that answers are made of, in the order of reading. */
const OBJECTS = [
  "Contact",
  "Summary",
  "Credits",
  "Entitlement",
  "Membership",
  "Freeze",
  "MembershipEvent",
  "LedgerEntry",
  "Payment",
  "Appointment",
  "TimelineEvent",
  "Opportunity",
  "Movement",
  "Explanation",
  "ReasonCode",
];

const KINDS: Record<ReasonCode["kind"], string> = {
  success: "Successes",
  refusal: "Refusals",
  detail: "Details of a refusal",
  transport: "Errors",
};

/** The whole reference, made from the document that tools read and the table that the code answers from. */
export function referencePage(document: OpenApiDocument, codes: readonly ReasonCode[], stylesheet: string): string {
  const guide = chapters(document, codes);
  const tags = document.tags.map((tag) => ({ ...tag, endpoints: endpointsOf(document, tag.name) }));
  const groups: Group[] = [
    { title: "Start here", links: guide.map(({ id, title }) => ({ href: `#${id}`, text: title })) },
    ...tags.map(({ name, endpoints }) => ({
      title: name,
      links: endpoints.map(({ method, operation }) => ({
        href: `#${operation.operationId}`,
        text: operation.summary,
        method,
      })),
    })),
    {
      title: "Look up",
      links: [
        ...OBJECTS.map((name) => ({ href: `#${anchorOf(name)}`, text: name })),
        { href: "#reason-codes", text: "Reason codes" },
      ],
    },
  ];
  const body = html`${topBar("API reference")}
    <div class="columns">
      ${contents(groups)}
      <main id="content">
        <h1>API reference</h1>
        <p class="lead">${document.info.summary} ${document.info.description}</p>
        <p class="base">Base address <code>${document.servers[0]?.url}/api/v2</code></p>
        <h2 id="start">Start here</h2>
        ${guide.map(chapterSection)}
        ${tags.map(
          ({ name, description, endpoints }) =>
            html`<h2 id="${name.toLowerCase()}">${name}</h2>
              <p>${description}</p>
              ${endpoints.map((endpoint) => endpointSection(document, codes, endpoint))}`,
        )}
        <h2 id="objects">Objects</h2>
        <p>What answers are made of. A time is ISO 8601 in UTC with milliseconds.</p>
        ${OBJECTS.map((name) => objectSection(document, name))} ${reasonCodeSection(codes)}
      </main>
    </div> `;
  return page("API reference · Kotally", document.info.summary, stylesheet, body);
}

function endpointsOf(document: OpenApiDocument, tag: string): Endpoint[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags[0] === tag)
      .map(([method, operation]) => ({ path, method: method as Method, operation })),
  );
}

function chapterSection({ id, title, body, example }: Chapter): Html {
  return html`<section class="chapter" id="${id}" aria-labelledby="${id}-title">
    <div class="prose">
      <h3 id="${id}-title"><a href="#${id}">${title}</a></h3>
      ${body}
    </div>
    ${example && html`<div class="example">${example}</div>`}
  </section> `;
}

function reasonCodeSection(codes: readonly ReasonCode[]): Html {
  const tables = Object.entries(KINDS).map(
    ([kind, title]) =>
      html`<table>
        <caption>
          ${title}
        </caption>
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col">Meaning and remedy</th>
          </tr>
        </thead>
        <tbody>
          ${codes
            .filter((code) => code.kind === kind)
            .map(
              ({ code, ok, meaning, remedy }) =>
                html`<tr id="${kind}-${code}">
                  <th scope="row"><code class="${ok ? "good" : "bad"}">${breakableCode(code)}</code></th>
                  <td>${meaning} <span class="remedy">${remedy}</span></td>
                </tr>`,
            )}
        </tbody>
      </table> `,
  );
  return html`<h2 id="reason-codes">Reason codes</h2>
    <p>
      All of them, also as JSON at <a href="/api/v2/reason-codes">/api/v2/reason-codes</a>. When several refusals apply, the
      first in this order is told.
    </p>
    ${tables}`;
}
