import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

export const MIN_PASSWORD = 8;
export const MAX_PASSWORD = 1000;

/** Passwords derived at the same time: each takes 19 MiB and a thread that others wait for too. */
const AT_A_TIME = 2;

const deriveAtOnce = promisify(argon2);
let running = 0;
const waiting: (() => void)[] = [];

const derive: typeof deriveAtOnce = async (...given) => {
  if (running >= AT_A_TIME) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await deriveAtOnce(...given);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
};

/** OWASP's least for Argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;

const base64 = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");

/** Argon2id in PHC format, as any library that signs people in reads it. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive("argon2id", { message: password.normalize("NFKC"), nonce, ...COST });
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`;
}

/** Whether `password` is the one behind a hash that `hashPassword` made, in constant time. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const found = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash);
  if (!found) return false;
  const [, memory, passes, parallelism, nonce = "", tag = ""] = found;
  const wanted = Buffer.from(tag, "base64");
  const cost = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: wanted.length,
  };
  const derived = await derive("argon2id", {
    message: password.normalize("NFKC"),
    nonce: Buffer.from(nonce, "base64"),
    ...cost,
  });
  return timingSafeEqual(derived, wanted);
}
