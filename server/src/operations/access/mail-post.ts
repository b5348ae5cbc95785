import type { Clock } from "../../platform/clock.ts";
import type { Database, Transaction } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { instant } from "../../platform/sql.ts";
import { forgetMails, insertMail, listMails, noteMailAttempt, takeDueMails, type KeptMail } from "../../store/mails.ts";

/** A mail: paragraphs of plain text, of which at most one is a link to follow. */
export interface Mail {
  to: string;
  subject: string;
  paragraphs: readonly string[];
}

export interface WrittenMail extends Mail {
  id: string;
  written_at: number;
}

/** Sends one mail; throws where the mail server does not take it. */
export type SendMail = (mail: WrittenMail) => Promise<void>;

const BATCH = 20;
/** Attempts, ever further apart: about a day in all. */
const MAX_ATTEMPTS = 12;
const KEPT_DAYS = 30;
const SHOWN = 100;

/**
 * Where mail is left to be sent, in the database: it survives a crash, and waits for a mail server that is away. Without one it stays
 * to be read here.
 */
export class MailPost {
  readonly #db: Database;
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  readonly #send: SendMail | null;

  constructor(db: Database, secrets: Secrets, clock: Clock, send: SendMail | null) {
    this.#db = db;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#send = send;
  }

  get leaves(): boolean {
    return this.#send !== null;
  }

  /** With a transaction of one's own the mail leaves only if that commits, at the next round. */
  async post(mail: Mail, tx?: Transaction): Promise<void> {
    const insert = (within: Transaction) => {
      const id = newId();
      const sealed_text = this.#secrets.seal(JSON.stringify(mail.paragraphs), purposeOf(id));
      const row = { id, recipient: mail.to, subject: mail.subject, sealed_text };
      return insertMail(within, row, instant(this.#clock.now()), this.leaves);
    };
    if (tx) return void (await insert(tx));
    await this.#db.transaction("sign_in", insert);
    this.hurry();
  }

  /** Sends what was just left, without anybody waiting for it; what fails is taken up by the next round. */
  hurry(): void {
    this.sendDue().catch(() => {});
  }

  /** Sends what is due; answers how many left and how many did not. */
  async sendDue(): Promise<{ sent: number; failed: number }> {
    const result = { sent: 0, failed: 0 };
    if (!this.#send) return result;
    for (;;) {
      const now = instant(this.#clock.now());
      const due = await this.#db.transaction("sign_in", (tx) => takeDueMails(tx, now, BATCH));
      for (const mail of due) result[(await this.#sendOne(mail, this.#send)) ? "sent" : "failed"] += 1;
      if (due.length < BATCH) return result;
    }
  }

  async #sendOne(kept: KeptMail, send: SendMail): Promise<boolean> {
    const trouble = await send(this.#opened(kept)).then(
      () => null,
      (error: unknown) => String(error instanceof Error ? error.message : error).slice(0, 1000),
    );
    const is_over = trouble === null || kept.attempts >= MAX_ATTEMPTS;
    await this.#db.transaction("sign_in", (tx) => noteMailAttempt(tx, kept.id, trouble, is_over));
    return trouble === null;
  }

  /** The latest, newest first. */
  async latest(): Promise<WrittenMail[]> {
    const kept = await this.#db.transaction("sign_in", (tx) => listMails(tx, SHOWN), { read_only: true });
    return kept.map((mail) => this.#opened(mail));
  }

  async forgetOld(): Promise<void> {
    const before = instant(this.#clock.now() - KEPT_DAYS * 86_400_000);
    await this.#db.transaction("sign_in", (tx) => forgetMails(tx, before));
  }

  #opened({ id, recipient, subject, sealed_text, created_at }: KeptMail): WrittenMail {
    const paragraphs = JSON.parse(this.#secrets.open(sealed_text, purposeOf(id))) as string[];
    return { id, to: recipient, subject, paragraphs, written_at: created_at };
  }
}

function purposeOf(id: string): string {
  return `mail ${id}`;
}
