import { EVENT_REASONS } from "../../../../server/src/rules/event-reasons.ts";
import { DETAILS, REFUSALS, SUCCESSES } from "../../../../server/src/rules/reasons.ts";
import type { Answer } from "../../api/location-api.ts";
import { webhookTexts } from "../../texts/webhook-events.ts";
import { Badge } from "../../ui/status-badge.tsx";

export type WebhookEvent = Answer<"/webhook-events">["webhook_events"][number];
export type EventStatus = WebhookEvent["status"];

const TONES: Partial<Record<EventStatus, "good" | "warn" | "bad">> = {
  done: "good",
  waiting: "warn",
  failed: "warn",
  dead: "bad",
};

export function EventStatusBadge({ status }: { status: EventStatus }) {
  return <Badge tone={TONES[status] ?? "quiet"}>{webhookTexts.statuses[status]}</Badge>;
}

interface Reason {
  meaning: string;
  remedy: string;
}

const REASONS: Record<string, Reason | undefined> = { ...SUCCESSES, ...REFUSALS, ...EVENT_REASONS };
const FINER: Record<string, Reason | undefined> = DETAILS;
/** A remedy that asks nothing of anybody is not told. */
const NOTHING_TO_DO = /^Nothing to do/;

/** What a code of an outcome means, and what can be done about it; a code that no rule knows stands for itself. */
export function outcomeInWords(code: string, detail: string | null): { meaning: string; remedy: string | null } {
  const reason = REASONS[code];
  const ours: Record<string, string | undefined> = webhookTexts.outcomes;
  const meaning = ours[code] ?? reason?.meaning ?? code.replaceAll("_", " ").toLowerCase();
  const finer = detail === null ? undefined : FINER[detail]?.meaning;
  const remedy = reason && !NOTHING_TO_DO.test(reason.remedy) && ours[code] === undefined ? reason.remedy : null;
  return { meaning: finer === undefined ? meaning : `${meaning} ${finer}`, remedy };
}
