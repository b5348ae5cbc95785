import { embedTexts } from "../texts/embed.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import { usePlace } from "./place.ts";
import type { Panel } from "./shapes.ts";
import classes from "./embed.module.css";

const texts = embedTexts.panel;

/** What was paid, for what, and what of it was given back. */
export function PaymentLine({ payment }: { payment: Panel["payments"][number] }) {
  const { tell, tellMoney } = usePlace();
  const { paid_at, product_name, amount_cents, refunded_cents, currency, status } = payment;
  return (
    <li className={classes.line}>
      <span className={classes.who}>
        <span>{product_name ?? texts.payment}</span>
        <span className={classes.soft}>
          <time dateTime={paid_at}>{tell(paid_at, "day")}</time>
          {refunded_cents > 0 && ` · ${texts.refunded(tellMoney(refunded_cents, currency))}`}
        </span>
      </span>
      {status !== "recorded" && <StatusBadge status={status} />}
      <span className={classes.figure}>{amount_cents === null ? "—" : tellMoney(amount_cents, currency)}</span>
    </li>
  );
}
