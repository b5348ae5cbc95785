import { once } from "node:events";
import { connect } from "node:net";

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  /** Everything after the head. */
  text: string;
}

/** "100 Continue" and the like, before the answer proper. */
const INTERIM = /^(?:HTTP\/1\.1 1\d\d [^\r\n]*\r\n\r\n)+/;

/**
 * Sends bytes as they are and reads until the server closes, is silent for long enough after an answer, or resets the
 * connection: null where no answer came, as when the server hangs up on a body that it refuses to read.
 */
export async function sendRaw(base_url: string, bytes: string | Buffer, patience_ms = 2000): Promise<RawAnswer | null> {
  const { hostname, port } = new URL(base_url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  const received = () => Buffer.concat(chunks).toString().replace(INTERIM, "");
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if (isWhole(received())) socket.destroy();
  });
  // What was read before a reset still counts.
  socket.on("error", () => socket.destroy());
  socket.setTimeout(patience_ms, () => socket.destroy());
  socket.write(bytes);
  await once(socket, "close");
  return parse(received());
}

function isWhole(received: string): boolean {
  const end = received.indexOf("\r\n\r\n");
  const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, end))?.[1];
  return end >= 0 && length !== undefined && Buffer.byteLength(received.slice(end + 4)) >= Number(length);
}

function parse(received: string): RawAnswer | null {
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(received)?.[1];
  if (status === undefined) return null;
  const end = received.indexOf("\r\n\r\n");
  const lines = received.slice(0, end).split("\r\n").slice(1);
  const headers: Record<string, string> = Object.fromEntries(
    lines.map((line) => [(line.split(":")[0] ?? "").toLowerCase(), line.replace(/^[^:]*: ?/, "")]),
  );
  return { status: Number(status), headers, text: received.slice(end + 4) };
}
