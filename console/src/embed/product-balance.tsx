import type { CSSProperties } from "react";
import { embedTexts } from "../texts/embed.ts";
import { statusTexts } from "../texts/statuses.ts";
import { formatNumber, formatRelative } from "../ui/format.ts";
import { Badge } from "../ui/status-badge.tsx";
import { usePlace } from "./place.ts";
import type { Lot, Product } from "./shapes.ts";
import classes from "./embed.module.css";

const texts = embedTexts.panel;
/** Within so many days an expiry is worth a second look. */
const SOON_MS = 14 * 86_400_000;

/** What is left of one product, and of each purchase of it until when. */
export function ProductBalance({ product }: { product: Product }) {
  const { name, credits_available, unlimited, entitlements } = product;
  const is_empty = !unlimited && credits_available === 0;
  return (
    <li className={classes.product}>
      <div className={classes.balance}>
        <h3 className={classes.name}>{name}</h3>
        <b className={classes.left} data-empty={is_empty || undefined}>
          {unlimited ? texts.unlimited : texts.left(formatNumber(credits_available))}
        </b>
      </div>
      {entitlements.length > 0 && (
        <ul className={classes.lots}>
          {entitlements.map((lot) => (
            <li key={lot.id}>
              <LotLine lot={lot} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function LotLine({ lot }: { lot: Lot }) {
  const { credits_remaining, credits_granted, credits_held, status } = lot;
  return (
    <>
      {credits_granted !== null && credits_remaining !== null && (
        <Bar granted={credits_granted} left={credits_remaining} held={credits_held} />
      )}
      <div className={classes.lot}>
        <span className={classes.soft}>
          {credits_granted !== null && texts.of(formatNumber(credits_remaining ?? 0), formatNumber(credits_granted))}
          {credits_held > 0 && ` · ${texts.held(formatNumber(credits_held))}`}
        </span>
        {status === "paused" && <Badge tone="warn">{statusTexts.paused}</Badge>}
        <Until lot={lot} />
      </div>
    </>
  );
}

function Until({ lot: { status, effective_at, expires_at } }: { lot: Lot }) {
  const { tell, tellLastDay, now } = usePlace();
  if (status === "scheduled") return <span className={classes.soft}>{texts.from(tell(effective_at, "day"))}</span>;
  if (expires_at === null) return <span className={classes.soft}>{texts.never}</span>;
  const is_soon = Date.parse(expires_at) - now() < SOON_MS;
  return (
    <time dateTime={expires_at} className={is_soon ? classes.warn : classes.soft}>
      {texts.last_day(tellLastDay(expires_at))}
      {is_soon && ` · ${formatRelative(expires_at, now())}`}
    </time>
  );
}

function Bar({ granted, left, held }: { granted: number; left: number; held: number }) {
  const share = (part: number) => `${Math.min(100, (part / Math.max(1, granted)) * 100)}%`;
  return (
    <div className={classes.bar} aria-hidden style={{ "--left": share(left), "--held": share(held) } as CSSProperties}>
      <span className={classes.bar_left} />
      <span className={classes.bar_held} />
    </div>
  );
}
