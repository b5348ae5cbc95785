import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** What the proxy does with connections between a server and PostgreSQL. */
export type Weather =
  | "clear"
  /** New and open connections stay, no byte passes in either direction, and neither side hears of the other's end. */
  | "black_hole"
  /** Answers come late, each by `delay_ms`. */
  | "slow"
  /** The next COMMIT is not passed on: its connection breaks before. */
  | "cut_before_commit"
  /** The next COMMIT is done, and its connection breaks before the answer passes: nobody knows its outcome. */
  | "cut_after_commit";

const COMMIT = Buffer.from("COMMIT\0");

interface Pair {
  client: Socket;
  server: Socket;
  /** Its COMMIT went out, and the answer will not get through. */
  is_doomed: boolean;
}

/** A TCP proxy before PostgreSQL that breaks what it is told to break. */
export class TcpProxy {
  weather: Weather = "clear";
  delay_ms = 0;
  /** Connections that were broken so far. */
  cuts = 0;
  readonly #pairs = new Set<Pair>();
  /** Sides of connections whose other side is long gone. */
  readonly #forgotten: Socket[] = [];
  readonly #target: { host: string; port: number };
  #server: Server | null = null;

  constructor(target: { host: string; port: number }) {
    this.#target = target;
  }

  /** Listens on a free port, and answers with it. */
  async listen(): Promise<number> {
    const server = createServer((client) => this.#pair(client));
    this.#server = server;
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise<void>((resolve) => {
      if (this.#server) this.#server.close(() => resolve());
      else resolve();
    });
  }

  /** Breaks every connection, whatever it does. */
  cutAll(): void {
    for (const pair of this.#pairs) this.#cut(pair);
    for (const socket of this.#forgotten.splice(0)) socket.destroy();
  }

  #pair(client: Socket): void {
    const server = connect(this.#target);
    const pair: Pair = { client, server, is_doomed: false };
    this.#pairs.add(pair);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        const other = socket === client ? server : client;
        if (this.weather === "black_hole") this.#forgotten.push(other);
        else other.destroy();
        this.#pairs.delete(pair);
      });
    }
    client.on("data", (chunk: Buffer) => this.#toServer(pair, chunk));
    server.on("data", (chunk: Buffer) => this.#toClient(pair, chunk));
  }

  #toServer(pair: Pair, chunk: Buffer): void {
    if (this.weather === "black_hole") return;
    const commits = chunk.includes(COMMIT);
    if (commits && this.weather === "cut_before_commit") {
      this.weather = "clear";
      this.#cut(pair);
      return;
    }
    if (commits && this.weather === "cut_after_commit") {
      this.weather = "clear";
      pair.is_doomed = true;
    }
    pair.server.write(chunk);
  }

  #toClient(pair: Pair, chunk: Buffer): void {
    if (this.weather === "black_hole") return;
    // PostgreSQL says COMMIT when it is done and durable.
    if (pair.is_doomed) {
      if (chunk.includes(COMMIT)) this.#cut(pair);
      return;
    }
    if (this.weather === "slow") setTimeout(() => pair.client.write(chunk), this.delay_ms);
    else pair.client.write(chunk);
  }

  #cut(pair: Pair): void {
    this.cuts += 1;
    pair.client.destroy();
    pair.server.destroy();
  }
}
