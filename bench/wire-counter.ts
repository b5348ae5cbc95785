import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** What went between a server and its database. */
export interface WireCounts {
  statements: number;
  /** Times that somebody waited: a message was sent while no answer was outstanding. */
  round_trips: number;
  commits: number;
}

const QUERY = 0x51;
const EXECUTE = 0x45;
const SYNC = 0x53;
const READY = 0x5a;
const HEADER = 5;

/** A proxy before PostgreSQL that counts messages of its protocol; nothing depends on a clock. */
export class WireCounter {
  readonly url: string;
  readonly #close: () => void;
  #counts: WireCounts = { statements: 0, round_trips: 0, commits: 0 };

  private constructor(url: string, close: () => void) {
    this.url = url;
    this.#close = close;
  }

  static async before(database_url: string): Promise<WireCounter> {
    const target = new URL(database_url);
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      const upstream = connect(Number(target.port || 5432), target.hostname);
      sockets.add(client).add(upstream);
      for (const socket of [client, upstream]) socket.on("error", () => {}).setNoDelay(true);
      counter.#watch(client, upstream);
      client.pipe(upstream).on("close", () => client.destroy());
      upstream.pipe(client).on("close", () => upstream.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = new URL(database_url);
    url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const counter = new WireCounter(url.href, () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return counter;
  }

  /** What was counted since the last call. */
  take(): WireCounts {
    const counts = this.#counts;
    this.#counts = { statements: 0, round_trips: 0, commits: 0 };
    return counts;
  }

  close(): void {
    this.#close();
  }

  #watch(client: Socket, upstream: Socket): void {
    let outstanding = 0;
    // The first message of a client has no type: its length comes first.
    const sent = new MessageReader(true, (type, body) => {
      if (type !== QUERY && type !== SYNC && type !== EXECUTE) return;
      if (type !== SYNC) this.#counts.statements += statementsOf(type, body);
      if (type === QUERY && body.startsWith("COMMIT")) this.#counts.commits += 1;
      if (type === EXECUTE) return;
      if (outstanding === 0) this.#counts.round_trips += 1;
      outstanding += 1;
    });
    const received = new MessageReader(false, (type) => {
      if (type === READY && outstanding > 0) outstanding -= 1;
    });
    client.on("data", (bytes: Buffer) => sent.read(bytes));
    upstream.on("data", (bytes: Buffer) => received.read(bytes));
  }
}

/** A simple query may hold several statements; an execution is one. */
function statementsOf(type: number, body: string): number {
  if (type === EXECUTE) return 1;
  return body.split(";").filter((text) => text.replace("\0", "").trim() !== "").length;
}

/** Cuts a stream into PostgreSQL's messages. */
class MessageReader {
  #rest: Buffer = Buffer.alloc(0);
  #is_first: boolean;
  readonly #onMessage: (type: number, body: string) => void;

  constructor(begins_untyped: boolean, onMessage: (type: number, body: string) => void) {
    this.#is_first = begins_untyped;
    this.#onMessage = onMessage;
  }

  read(bytes: Buffer): void {
    let rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    for (;;) {
      const header = this.#is_first ? HEADER - 1 : HEADER;
      if (rest.length < header) break;
      const length = rest.readUInt32BE(header - 4) + header - 4;
      if (rest.length < length) break;
      const type = this.#is_first ? 0 : (rest[0] ?? 0);
      this.#onMessage(type, type === QUERY ? rest.toString("utf8", HEADER, length) : "");
      this.#is_first = false;
      rest = rest.subarray(length);
    }
    this.#rest = Buffer.from(rest);
  }
}
