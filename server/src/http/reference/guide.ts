import { JSON_TYPE, type OpenApiDocument } from "./document.ts";
import { curl } from "./endpoint-section.ts";
import { breakableCode, html, jsonCode, type Html } from "./html.ts";
import type { ReasonCode } from "./reason-codes.ts";

/** One part of the text before the endpoints. */
export interface Chapter {
  id: string;
  title: string;
  body: Html;
  example?: Html;
}

const STEPS = [
  { path: "/api/v2/grants", method: "post", say: "Turn a payment into credits." },
  { path: "/api/v2/entitlements/check-eligibility", method: "post", say: "Ask before you book. Nothing is written." },
  { path: "/api/v2/entitlements/deduct", method: "post", say: "Take a credit for the booking." },
  { path: "/api/v2/entitlements/restore", method: "post", say: "The booking is cancelled: give it back." },
  { path: "/api/v2/contacts/{id}/timeline", method: "get", say: "See what happened, and why." },
] as const;

export function chapters(document: OpenApiDocument, codes: readonly ReasonCode[]): Chapter[] {
  return [firstSteps(document), authentication(), outcomes(), idempotency(), rateLimits(), paging(), errors(codes)];
}

function figure(caption: string, code: Html): Html {
  return html`<figure>
    <figcaption>${caption}</figcaption>
    <pre tabindex="0" aria-label="${caption}"><code>${code}</code></pre>
  </figure> `;
}

function firstSteps(document: OpenApiDocument): Chapter {
  const server = (document.servers[0]?.url ?? "").replace(/\/$/, "");
  const steps = STEPS.map(({ path, method, say }) => {
    const example = document.paths[path]?.[method]?.requestBody?.content[JSON_TYPE]?.example;
    return html`<li>
      <p>${say}</p>
      <pre tabindex="0" aria-label="${say}"><code>${curl(server + path.replace("{id}", "maya"), method, example, true)}</code></pre>
    </li> `;
  });
  return {
    id: "first-five-minutes",
    title: "First five minutes",
    body: html`<p>
        You need a token and the id of a product config. The first start of a fresh server prints both for its demo studio;
        otherwise the file that you apply with <code>kotally apply</code> gives them.
      </p>
      <ol class="steps">
        <li>
          <p>Keep the token in the shell. Put your own product config id into the grant.</p>
          <pre tabindex="0" aria-label="Keep the token in the shell"><code>TOKEN=ktly_…</code></pre>
        </li>
        ${steps}
      </ol>`,
  };
}

function authentication(): Chapter {
  return {
    id: "authentication",
    title: "Authentication",
    body: html`<p>
        Send <code>Authorization: Bearer ktly_…</code>. A token belongs to one API client of one location and carries scopes:
        <code>grant</code>, <code>check</code>, <code>deduct</code> and <code>restore</code> for one call each,
        <code>summary</code> for what is read under <code>/contacts</code>, <code>manage</code> for what staff do and look at.
        It is shown once, when it is created or rotated.
      </p>
      <p>
        A <code>location_id</code> that you send must be the token’s own location, else the answer is 401
        <code>UNAUTHORIZED</code>. Leave it out and the token’s location is meant. A location connected to GoHighLevel also
        goes by its GoHighLevel location id.
      </p>`,
    example: figure(
      "Header",
      html`Authorization: Bearer ktly_<span class="k">&lt;client&gt;</span>_<span class="k">&lt;secret&gt;</span>`,
    ),
  };
}

function outcomes(): Chapter {
  const refused = {
    ok: false,
    reason_code: "INSUFFICIENT_CREDITS",
    correlation_id: "3f0c9a52-6f0e-4c3f-9d0b-6c2d6a1e7b10",
    balance: 0,
    detail: null,
    message: "The contact holds a matching entitlement, but too few credits in it.",
  };
  return {
    id: "outcomes",
    title: "Outcomes",
    body: html`<p>
        What the business decided is always HTTP 200, with <code>ok</code> and a <code>reason_code</code>. Codes in lower case
        come with <code>ok: true</code>, codes in upper case with <code>ok: false</code>. Other statuses mean that the request
        was not served at all.
      </p>
      <p>
        <code>correlation_id</code> names the request in the server’s log and is also in the <code>X-Correlation-Id</code>
        header. <code>message</code> is for a person. Further fields may be added at any time: ignore those you do not know.
        Times are ISO 8601 with an offset; answers are in UTC with milliseconds.
      </p>`,
    example: figure("A refusal, HTTP 200", jsonCode(refused)),
  };
}

function idempotency(): Chapter {
  return {
    id: "idempotency",
    title: "Idempotency",
    body: html`<p>
        Grants, deductions and restores need a <code>request_id</code> of your own. Whatever you repeat with the same id and the
        same payload has one effect, and the first answer comes back byte for byte, with the header
        <code>Idempotency-Replayed: true</code>. Answers are remembered for ever, refusals too: a new attempt needs a new id.
      </p>
      <ul>
        <li>The same id with another payload or call is 400 <code>VALIDATION_ERROR</code> and names <code>request_id</code>.</li>
        <li>The same id while the first is still in work is 409 <code>REQUEST_IN_PROGRESS</code>: repeat after <code>Retry-After</code> seconds.</li>
        <li>What a 4xx or 5xx answered is not remembered: repeat it with the same id.</li>
        <li>A payment grants once, whatever the request id: a second time is <code>duplicate_payment_event</code>.</li>
      </ul>
      <p>So after a timeout or a 5xx there is one thing to do: send the same request again.</p>`,
  };
}

function rateLimits(): Chapter {
  return {
    id: "rate-limits",
    title: "Rate limits",
    body: html`<p>
      Each API client has a bucket of requests that fills steadily. <code>RateLimit-Policy</code> says how large it is
      (<code>q</code>) and in how many seconds it fills (<code>w</code>); <code>RateLimit</code> says what is left
      (<code>r</code>) and when it is full again (<code>t</code>). An empty bucket is 429 <code>RATE_LIMITED</code> with
      <code>Retry-After</code>.
    </p>`,
    example: figure("Headers", html`RateLimit-Policy: "default";q=200;w=2\nRateLimit: "default";r=199;t=1`),
  };
}

function paging(): Chapter {
  return {
    id: "paging",
    title: "Paging",
    body: html`<p>
      Lists are newest first. Ask for up to 100 items with <code>limit</code> (default 20), and send <code>next_cursor</code>
      back as <code>cursor</code> for the next page; it is <code>null</code> at the end. What is added meanwhile does not move
      the pages you have not read yet. A cursor is opaque and belongs to its list.
    </p>`,
  };
}

function errors(codes: readonly ReasonCode[]): Chapter {
  const example = {
    ok: false,
    reason_code: "VALIDATION_ERROR",
    correlation_id: "3f0c9a52-6f0e-4c3f-9d0b-6c2d6a1e7b10",
    message: "The request is not well formed.",
    errors: [{ field: "amount", message: "must be a whole number of at least 1" }],
  };
  return {
    id: "errors",
    title: "Errors",
    body: html`<p>An error has the same envelope. Nothing was changed, and nothing is remembered.</p>
      <table>
        <caption>
          Errors by status
        </caption>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          ${codes
            .filter(({ kind }) => kind === "transport")
            .map(
              ({ code, http_status, meaning, remedy }) =>
                html`<tr>
                  <th scope="row"><span class="status">${http_status}</span> <code class="bad">${breakableCode(code)}</code></th>
                  <td>${meaning} <span class="remedy">${remedy}</span></td>
                </tr>`,
            )}
        </tbody>
      </table>`,
    example: figure("HTTP 400", jsonCode(example)),
  };
}
