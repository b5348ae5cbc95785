import { frameOrigins, isAmong } from "./frame-origins.ts";

/** GoHighLevel's own words. */
const QUESTION = { message: "REQUEST_USER_DATA" };
const ANSWER = "REQUEST_USER_DATA_RESPONSE";
/** Whoever frames this page may not listen yet. */
const ASK_EVERY_MS = 500;
const PATIENCE_MS = 8000;

/** Asks the page around this one who is there; null: there is none, or it does not answer. The answer is for the server to open. */
export function askParent(): Promise<string | null> {
  if (window.parent === window) return Promise.resolve(null);
  const origins = frameOrigins();
  return new Promise((resolve) => {
    // The question says nothing, so that anybody may hear it; the answer counts from an origin that may frame this page.
    const ask = () => {
      window.parent.postMessage(QUESTION, "*");
    };
    const hear = ({ source, origin, data }: MessageEvent<unknown>) => {
      const payload = source === window.parent && isAmong(origins, origin) ? readAnswer(data) : null;
      if (payload !== null) finish(payload);
    };
    const asking = setInterval(ask, ASK_EVERY_MS);
    const late = setTimeout(() => {
      finish(null);
    }, PATIENCE_MS);
    const finish = (payload: string | null) => {
      window.removeEventListener("message", hear);
      clearInterval(asking);
      clearTimeout(late);
      resolve(payload);
    };
    window.addEventListener("message", hear);
    ask();
  });
}

function readAnswer(data: unknown): string | null {
  if (typeof data !== "object" || data === null) return null;
  const { message, payload } = data as { message?: unknown; payload?: unknown };
  return message === ANSWER && typeof payload === "string" && payload !== "" ? payload : null;
}
