import { createPrivateKey, sign, type KeyObject } from "node:crypto";
import { CALENDAR } from "../load-members.ts";
import { memberName, type LoadJob, type Target } from "./load-job.ts";

const ID_DIGITS = 10;
const ZERO = 48;
/** An Ed25519 signature in Base64. */
const SIGNATURE = "A".repeat(88);

/** One connection's request, written once; before each sending only digits, the token and the signature in it change. */
export class RequestTemplate {
  readonly bytes: Buffer;
  readonly #body: Buffer;
  readonly #signing_key: KeyObject | null;
  readonly #ids_at: number[];
  readonly #member_at: number;
  readonly #token_at: number;
  readonly #place_at: number;
  readonly #signature_at: number;

  constructor(job: LoadJob, connection: number) {
    const [target] = job.targets;
    if (!target) throw new Error("a load without a target");
    const member = memberName(0);
    const prefix = `${job.run}-${String(connection).padStart(5, "0")}-`;
    const id = `${prefix}${"0".repeat(ID_DIGITS)}`;
    const body = job.signing_key === undefined ? question(job, target, member, id) : telling(target, member, id);
    const text = job.method === "POST" ? JSON.stringify(body) : "";
    const head = [
      `${job.method} ${job.path.replace("{member}", member)} HTTP/1.1`,
      "Host: 127.0.0.1",
      job.signing_key === undefined ? `Authorization: Bearer ${target.token}` : `X-GHL-Signature: ${SIGNATURE}`,
      ...(text ? ["Content-Type: application/json", `Content-Length: ${text.length}`] : []),
    ];
    this.bytes = Buffer.from(`${head.join("\r\n")}\r\n\r\n${text}`, "latin1");
    this.#body = this.bytes.subarray(this.bytes.length - text.length);
    this.#signing_key = job.signing_key === undefined ? null : createPrivateKey(job.signing_key);
    this.#ids_at = job.mutates ? [...this.bytes.toString("latin1").matchAll(RegExp(prefix, "g"))].map(endOf) : [];
    this.#member_at = this.bytes.indexOf(member) + 1;
    this.#token_at = this.bytes.indexOf(target.token);
    this.#place_at = this.bytes.indexOf(target.ghl_location_id);
    this.#signature_at = this.bytes.indexOf(SIGNATURE);
  }

  /** Safe while nothing of the last sending is under way: it was answered. */
  aim(target: Target, member: number, sequence: number): void {
    if (this.#token_at >= 0) this.bytes.write(target.token, this.#token_at, "latin1");
    if (this.#place_at >= 0) this.bytes.write(target.ghl_location_id, this.#place_at, "latin1");
    this.#write(this.#member_at, 8, member);
    for (const at of this.#ids_at) this.#write(at, ID_DIGITS, sequence);
    if (this.#signing_key)
      this.bytes.write(sign(null, this.#body, this.#signing_key).toString("base64"), this.#signature_at);
  }

  #write(at: number, digits: number, number: number): void {
    let left = number;
    for (let i = at + digits - 1; i >= at; i -= 1) {
      this.bytes[i] = ZERO + (left % 10);
      left = Math.floor(left / 10);
    }
  }
}

function endOf({ index, 0: found }: RegExpExecArray): number {
  return index + found.length;
}

function question(job: LoadJob, { product_config_id }: Target, member: string, request_id: string) {
  return { ...(job.mutates ? { request_id } : {}), external_contact_id: member, product_config_id };
}

/** A booking of tomorrow, as GoHighLevel tells of it. */
function telling({ ghl_location_id: locationId }: Target, contactId: string, id: string) {
  const now = new Date().toISOString();
  const startTime = new Date(Date.now() + 86_400_000).toISOString();
  const states = { contactId, calendarId: CALENDAR, appointmentStatus: "confirmed", startTime, dateAdded: now };
  const appointment = { id, ...states, dateUpdated: now };
  return { type: "AppointmentCreate", timestamp: now, webhookId: id, locationId, appointment };
}
