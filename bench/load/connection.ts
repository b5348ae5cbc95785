import { connect, type Socket } from "node:net";

const HEADERS_END = Buffer.from("\r\n\r\n");
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const OK = Buffer.from('"ok":true');
const RETRY_AFTER = /\r\nretry-after: *(\d+)/i;

export interface ReceivedAnswer {
  status: number;
  is_ok: boolean;
  retry_after_seconds: number;
  /** Only kept of what is neither 200 nor expected: for the message that fails the run. */
  text(): string;
}

/** One keep-alive connection with one request under way at most; it parses no more of an answer than it must. */
export class Connection {
  readonly #socket: Socket;
  readonly #onAnswer: (answer: ReceivedAnswer) => void;
  #received: Buffer = Buffer.alloc(0);

  constructor(port: number, handlers: { onOpen(): void; onAnswer(answer: ReceivedAnswer): void; onClose(): void }) {
    this.#onAnswer = handlers.onAnswer;
    const buffer = Buffer.alloc(32_768);
    this.#socket = connect({
      port,
      host: "127.0.0.1",
      noDelay: true,
      // One buffer for all that is read: nothing is allocated for an answer that comes in one piece.
      onread: {
        buffer,
        callback: (length) => {
          this.#read(buffer.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket.on("connect", handlers.onOpen);
    this.#socket.on("error", () => {});
    this.#socket.on("close", handlers.onClose);
  }

  send(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.destroy();
  }

  #read(piece: Buffer): void {
    const bytes = this.#received.length > 0 ? Buffer.concat([this.#received, piece]) : piece;
    const headers_end = bytes.indexOf(HEADERS_END);
    const head = headers_end < 0 ? "" : bytes.toString("latin1", 0, headers_end);
    const length = Number(LENGTH.exec(head)?.[1] ?? Number.NaN);
    if (headers_end < 0 || bytes.length < headers_end + HEADERS_END.length + length) {
      this.#received = Buffer.from(bytes);
      return;
    }
    this.#received = Buffer.alloc(0);
    const status = Number(head.slice(9, 12));
    this.#onAnswer({
      status,
      is_ok: status === 200 && bytes.indexOf(OK, headers_end) > 0,
      retry_after_seconds: status === 200 ? 0 : Number(RETRY_AFTER.exec(head)?.[1] ?? 0),
      text: () => bytes.toString(),
    });
  }
}
