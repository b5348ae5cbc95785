import { ApiError } from "../../api/api-error.ts";
import type { Answer } from "../../api/location-api.ts";
import { bookingWhyTexts } from "../../texts/bookings.ts";
import { bulkTexts } from "../../texts/bulk.ts";
import { addDays } from "../../ui/calendar-day.ts";
import { formatNumber } from "../../ui/format.ts";
import { Day, LastDay } from "../../ui/when.tsx";
import { whyUnfunded } from "../bookings/booking-why.ts";
import type { BulkJob } from "./use-bulk-job.ts";

export type BulkItem = Answer<"/bulk-work/{id}/items">["items"][number];

/** What is kept of the answers, by the kind of the work. */
interface Kept {
  freeze?: { from_on: string; to_on: string; days: number; is_open: boolean };
  bookings_inside?: unknown[];
  extended?: { entitlement_id: string; before: string; after: string }[];
  movements?: { amount: number }[];
  granted?: { credits: number }[];
}

const { items: texts } = bulkTexts;

/** What would become, or became, of one of many; or why it cannot be. */
export function WhatHappens({ kind, item }: { kind: BulkJob["kind"]; item: BulkItem }) {
  const { status, answer } = item;
  if (status === "refused") return <span>{refusalOf(kind, item)}</span>;
  const { freeze, bookings_inside: inside = [], extended, movements, granted } = (answer ?? {}) as Kept;
  if (freeze) {
    const { from_on, to_on, days, is_open } = freeze;
    if (kind === "unfreeze") return <span>{days === 0 ? texts.undone : texts.ended(formatNumber(days))}</span>;
    const more = [
      texts.frozen(formatNumber(days)),
      is_open ? texts.open : null,
      inside.length > 0 ? texts.inside(formatNumber(inside.length)) : null,
    ];
    return (
      <span>
        <Day on={from_on} /> – <Day on={addDays(to_on, -1)} /> · {more.filter((one) => one !== null).join(" · ")}
      </span>
    );
  }
  if (extended) {
    const [first] = extended;
    if (!first) return <span>{texts.none}</span>;
    return (
      <span>
        {texts.longer(formatNumber(extended.length))} · <LastDay before={first.before} /> →{" "}
        <LastDay before={first.after} />
      </span>
    );
  }
  const credits = [...(movements ?? []).map(({ amount }) => amount), ...(granted ?? []).map((one) => one.credits)];
  return <span>{texts.credits(formatNumber(credits.reduce((sum, one) => sum + one, 0)))}</span>;
}

function refusalOf(kind: BulkJob["kind"], { reason_code, answer }: BulkItem): string {
  const code = reason_code ?? "";
  const { message, detail = null } = (answer ?? {}) as { message?: string; detail?: string };
  if (kind === "settle" && code in bookingWhyTexts.unfunded) {
    return whyUnfunded({ reason: code as keyof typeof bookingWhyTexts.unfunded, detail, awaits_period: false });
  }
  return new ApiError({ reason_code: code, detail, ...(message !== undefined && { message }) }, code).message;
}
