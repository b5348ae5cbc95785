import { ENTRY_REASONS } from "../../../server/src/rules/credits/entry-reasons.ts";
import { entryTypeTexts } from "../texts/entries.ts";
import { ledgerTexts } from "../texts/ledger.ts";
import { Change, Credits } from "./amounts.tsx";
import { When } from "./when.tsx";
import classes from "./booked-entries.module.css";

/** A ledger entry, as far as every list of entries tells it. */
export interface BookedEntry {
  entry_number: number;
  type: string;
  amount: number;
  balance_after: number;
  reason: string;
  occurred_at: string;
  entitlement_id: string;
}

const { columns: titles } = ledgerTexts;

/** What something moved in the ledger, line by line, each with its reason. */
export function BookedEntries({ label, entries }: { label: string; entries: readonly BookedEntry[] }) {
  return (
    <table className={classes.entries} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{titles.entry}</th>
          <th scope="col">{titles.when}</th>
          <th scope="col">{titles.amount}</th>
          <th scope="col">{titles.left}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ entry_number, entitlement_id, type, reason, occurred_at, amount, balance_after }) => (
          <tr key={`${entry_number} ${entitlement_id} ${amount}`}>
            <td>
              {(entryTypeTexts as Record<string, string>)[type] ?? type}
              <span className={classes.reason}>{reasonInWords(reason)}</span>
            </td>
            <td>
              <When at={occurred_at} style="short" />
            </td>
            <td>
              <Change value={amount} />
            </td>
            <td>
              <Credits value={balance_after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A rule's reason in a sentence; a person's in their own words. */
function reasonInWords(reason: string): string {
  const known: Record<string, { meaning: string } | undefined> = ENTRY_REASONS;
  return known[reason]?.meaning ?? reason;
}
