import type { AnswerOf, DoneOf } from "./call-types.ts";
import { callsOf } from "./calls.ts";
import type { paths } from "./own-api.generated.ts";

/** What a read of the person's own answers. */
export type OwnAnswer<P extends keyof paths> = AnswerOf<paths, P>;

/** What a call of the person's own that has a body answers. */
export type OwnDone<P extends keyof paths> = DoneOf<paths, P>;

/** Reads, lists and changes of who asks, whoever it is: below `/api/console` itself. */
export const { useRead: useOwnRead, useAsk: useOwnAsk, useChange: useOwnChange } = callsOf<paths>(() => "");
