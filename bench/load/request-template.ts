import { memberName, type LoadJob, type Target } from "./load-job.ts";

const ID_DIGITS = 10;
const ZERO = 48;

/** One connection's request, written once; before each sending only the digits and the token in it change. */
export class RequestTemplate {
  readonly bytes: Buffer;
  readonly #id_at: number;
  readonly #member_at: number;
  readonly #token_at: number;

  constructor(job: LoadJob, connection: number) {
    const [target] = job.targets;
    if (!target) throw new Error("a load without a target");
    const member = memberName(0);
    const prefix = `${job.run}-${String(connection).padStart(5, "0")}-`;
    const body = {
      ...(job.mutates ? { request_id: `${prefix}${"0".repeat(ID_DIGITS)}` } : {}),
      external_contact_id: member,
      product_config_id: target.product_config_id,
    };
    const text = job.method === "POST" ? JSON.stringify(body) : "";
    const head = [
      `${job.method} ${job.path.replace("{member}", member)} HTTP/1.1`,
      "Host: 127.0.0.1",
      `Authorization: Bearer ${target.token}`,
      ...(text ? ["Content-Type: application/json", `Content-Length: ${text.length}`] : []),
    ];
    this.bytes = Buffer.from(`${head.join("\r\n")}\r\n\r\n${text}`, "latin1");
    this.#id_at = this.bytes.indexOf(prefix) + prefix.length;
    this.#member_at = this.bytes.indexOf(member) + 1;
    this.#token_at = this.bytes.indexOf(target.token);
  }

  /** Safe while nothing of the last sending is under way: it was answered. */
  aim(target: Target, member: number, sequence: number, mutates: boolean): void {
    this.bytes.write(target.token, this.#token_at, "latin1");
    this.#write(this.#member_at, 8, member);
    if (mutates) this.#write(this.#id_at, ID_DIGITS, sequence);
  }

  #write(at: number, digits: number, number: number): void {
    let left = number;
    for (let i = at + digits - 1; i >= at; i -= 1) {
      this.bytes[i] = ZERO + (left % 10);
      left = Math.floor(left / 10);
    }
  }
}
