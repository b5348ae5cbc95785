import { useRead } from "../../../api/location-api.ts";
import { useLocationHere } from "../../../api/place.ts";
import { accountTexts, sourceTexts } from "../../../texts/entries.ts";
import { whyTexts } from "../../../texts/why.ts";
import { Change, Credits } from "../../../ui/amounts.tsx";
import { formatMoney, formatNumber } from "../../../ui/format.ts";
import { Identity } from "../../../ui/identity.tsx";
import { Loaded } from "../../../ui/loaded.tsx";
import { When } from "../../../ui/when.tsx";
import { Facts, type Fact } from "../../../ui/why.tsx";
import { Decisions, EntryLines, Part, Sentence, type Why } from "./parts.tsx";
import classes from "./why.module.css";

/** Why an entry stands in the ledger: its reason in a sentence, then everything that it rests on. */
export function EntryWhy({ entry_id }: { entry_id: string }) {
  const query = useRead("/ledger/{entry_id}/why", { path: { entry_id } });
  return <Loaded query={query}>{({ why }) => <Answered why={why} />}</Loaded>;
}

function Answered({ why }: { why: Why }) {
  const { reason, actor, together, given_back_by, reverses, decisions } = why;
  const is_own_words = reason.rule === null;
  return (
    <>
      <Sentence by={actor}>
        {reason.meaning}
        {is_own_words && <blockquote className={classes.words}>{reason.code}</blockquote>}
      </Sentence>
      <Facts facts={factsOf(why, useLocationHere().currency)} />
      <Decisions decisions={decisions} />
      {reverses && <Part title={whyTexts.reverses} children={<EntryLines entries={[reverses]} />} />}
      {given_back_by.length > 0 && (
        <Part title={whyTexts.given_back} children={<EntryLines entries={given_back_by} />} />
      )}
      {together.length > 0 && <Part title={whyTexts.together} children={<EntryLines entries={together} />} />}
    </>
  );
}

function factsOf(why: Why, currency: string): Fact[] {
  const { entry, balance_before, reason, entitlement, other_entitlement, membership, payment, booking, request } = why;
  const { debit_account, credit_account, amount, balance_after, occurred_at, recorded_at } = entry;
  const facts: (Fact | null)[] = [
    {
      label: whyTexts.movement(accountTexts[debit_account], accountTexts[credit_account]),
      value: <Change value={amount} />,
    },
    {
      label: whyTexts.balance,
      value: (
        <span className={classes.balance}>
          <Credits value={balance_before} /> → <Credits value={balance_after} strong />
        </span>
      ),
    },
    { label: whyTexts.entitlement, value: entitlement.name },
    other_entitlement && { label: whyTexts.other_entitlement, value: other_entitlement.name },
    membership && { label: whyTexts.membership, value: membership.name },
    booking && { label: whyTexts.booking, value: <Identity id={booking.booking.id} short /> },
    payment && {
      label: whyTexts.payment,
      value: (
        <>
          {payment.amount_cents !== null && `${formatMoney(payment.amount_cents, payment.currency ?? currency)}, `}
          <When at={payment.paid_at} style="day" />
        </>
      ),
    },
    reason.rule === null ? null : { label: whyTexts.rule, value: whyTexts.rule_number(formatNumber(reason.rule)) },
    { label: whyTexts.true_at, value: <When at={occurred_at} /> },
    recorded_at === occurred_at ? null : { label: whyTexts.written_at, value: <When at={recorded_at} /> },
    { label: whyTexts.entry, value: `${formatNumber(entry.entry_number)}, ${sourceTexts[entry.source]}` },
    request && { label: whyTexts.request, value: <Identity id={request.request_id} short /> },
    { label: whyTexts.correlation, value: <Identity id={entry.correlation_id} short /> },
  ];
  return facts.filter((fact) => fact !== null);
}
