export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown> & { ok: boolean; reason_code: string };
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Somebody with a browser: keeps cookies, and says where a request comes from. */
export class Visitor {
  readonly base_url: string;
  readonly origin: string;
  /** Where they are, as the proxy before a server with https says. */
  readonly ip = `10.${[0, 0, 0].map(() => Math.floor(Math.random() * 256)).join(".")}`;
  readonly cookies = new Map<string, string>();
  /** The Set-Cookie headers of the latest answer that had any. */
  set_cookies: string[] = [];

  constructor(base_url: string, origin: string) {
    this.base_url = base_url;
    this.origin = origin;
  }

  get = (path: string, headers?: Record<string, string>) => this.send("GET", path, undefined, headers);
  post = (path: string, body: unknown = {}, headers?: Record<string, string>) => this.send("POST", path, body, headers);
  patch = (path: string, body: unknown = {}) => this.send("PATCH", path, body);
  delete = (path: string) => this.send("DELETE", path, {});

  async send(method: Method, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(this.base_url + path, {
      method,
      redirect: "manual",
      headers: {
        ...(cookie && { cookie }),
        "user-agent": "Test browser",
        "x-forwarded-for": `1.2.3.4, ${this.ip}`,
        "sec-fetch-site": "same-origin",
        ...(method !== "GET" && { origin: this.origin, "content-type": "application/json" }),
        ...headers,
      },
      ...(method !== "GET" && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    this.#keep(response.headers.getSetCookie());
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: readJson(text) };
  }

  async signIn(email: string, password: string): Promise<Answer> {
    return this.post("/api/auth/sign-in/email", { email, password });
  }

  /** Calls the console's door. */
  console = (method: Method, path: string, body?: unknown) =>
    this.send(method, `/api/console${path}`, method === "GET" ? undefined : (body ?? {}));

  #keep(set_cookies: string[]): void {
    if (set_cookies.length > 0) this.set_cookies = set_cookies;
    for (const text of set_cookies) {
      const [pair = "", ...attributes] = text.split(";");
      const [name = "", ...value] = pair.split("=");
      const is_over = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute));
      if (is_over) this.cookies.delete(name);
      else this.cookies.set(name, value.join("="));
    }
  }
}

function readJson(text: string): Answer["body"] {
  try {
    return JSON.parse(text) as Answer["body"];
  } catch {
    return { ok: false, reason_code: "" };
  }
}

/** The token in the link of a mail. */
export function tokenIn(mail: { paragraphs: readonly string[] } | undefined): string {
  const link = mail?.paragraphs.find((text) => text.startsWith("http"));
  if (link === undefined) throw new Error("there is no mail with a link");
  return new URL(link).searchParams.get("token") ?? "";
}
