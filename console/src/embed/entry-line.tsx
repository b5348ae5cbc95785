import { embedTexts } from "../texts/embed.ts";
import { accountTexts, entryTypeTexts } from "../texts/entries.ts";
import { formatNumber, formatSigned } from "../ui/format.ts";
import { usePlace } from "./place.ts";
import type { Panel } from "./shapes.ts";
import classes from "./embed.module.css";

/** One line of the ledger: what happened, when, of which product, and what it left there. */
export function EntryLine({ entry }: { entry: Panel["entries"][number] }) {
  const { tell } = usePlace();
  const { type, credit_account, occurred_at, product_name, amount, balance_after } = entry;
  return (
    <li className={classes.line}>
      <span className={classes.who}>
        <span>{type === "settle" ? accountTexts[credit_account] : entryTypeTexts[type]}</span>
        <span className={classes.soft}>
          <time dateTime={occurred_at}>{tell(occurred_at, "short")}</time>
          {product_name !== null && ` · ${product_name}`}
        </span>
      </span>
      <span className={classes.moved}>
        <b className={classes.figure} data-sign={amount > 0 ? "plus" : undefined}>
          {formatSigned(amount)}
        </b>
        <span className={classes.soft}>{embedTexts.panel.balance_after(formatNumber(balance_after))}</span>
      </span>
    </li>
  );
}
