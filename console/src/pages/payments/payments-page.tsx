import { Button } from "@mantine/core";
import { IconCashBanknote } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { usePages } from "../../api/location-api.ts";
import { useLocationHere, useMayChange } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { paymentsTexts, resolveTexts } from "../../texts/payments.ts";
import { Money } from "../../ui/amounts.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { DayRangeFilter, instantsOf } from "../../ui/day-range-filter.tsx";
import { EmptyList } from "../../ui/empty-list.tsx";
import { ChipFilter, FilterBar, SearchFilter, SelectFilter, useFilters } from "../../ui/filter-bar.tsx";
import { Page } from "../../ui/page.tsx";
import { PagedTable } from "../../ui/paged-table.tsx";
import { When } from "../../ui/when.tsx";
import { RunningWork } from "../bulk/running-work.tsx";
import { PaymentDialog, resolutionsOf, type Resolution } from "./payment-dialog.tsx";
import { PaymentStates } from "./payment-states.tsx";
import { boughtOf, payerOf, sourceOf, WAITING, type Payment, type PaymentState } from "./payment.ts";

const { columns: titles, states } = paymentsTexts;

const CHIPS = (["unmatched", "probable_duplicate", "held", "shortfall"] as const).map((value) => ({
  value,
  label: states[value],
}));
const STATES = (Object.keys(states) as PaymentState[]).map((value) => ({ value, label: states[value] }));

/** Every payment event of the location: matched or not, and what it came to. */
export function PaymentsPage() {
  const { location_id, timezone } = useLocationHere();
  const may_change = useMayChange();
  const { values, set, clear, is_set } = useFilters(["search", "state", "from", "to"]);
  const query = { search: values.search, state: values.state as PaymentState, ...instantsOf(values, timezone) };
  const pages = usePages("/payment-events", { query }, ({ payments }) => payments);
  const columns = useColumns();
  return (
    <Page title={paymentsTexts.title}>
      <RunningWork kinds={["backfill"]} />
      <FilterBar onClear={is_set && clear}>
        <SearchFilter
          label={paymentsTexts.search}
          placeholder={paymentsTexts.search}
          value={values.search}
          onChange={(search) => set({ search })}
        />
        <SelectFilter
          label={paymentsTexts.state}
          options={STATES}
          value={values.state}
          onChange={(state) => set({ state })}
        />
        <DayRangeFilter label={paymentsTexts.days} value={values} onChange={set} />
        <ChipFilter
          label={paymentsTexts.filter}
          options={CHIPS}
          value={values.state}
          onChange={(state) => set({ state })}
        />
      </FilterBar>
      <PagedTable
        label={paymentsTexts.title}
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        nameOf={payerOf}
        linkTo={({ id }) => paths.payment(location_id, id)}
        toneOf={(payment) => (isWaiting(payment) ? "bad" : undefined)}
        {...(may_change && { actions: (payment: Payment) => <FirstDecision payment={payment} /> })}
        empty={
          <EmptyList
            icon={IconCashBanknote}
            texts={paymentsTexts}
            to={paths.apiClients(location_id)}
            is_filtered={is_set}
            onClear={clear}
          />
        }
      />
    </Page>
  );
}

function isWaiting(payment: Payment): boolean {
  return payment.states.some((state) => (WAITING as readonly PaymentState[]).includes(state));
}

function useColumns(): readonly Column<Payment>[] {
  const { currency } = useLocationHere();
  return [
    { key: "paid", title: titles.paid, width: 180, cell: ({ paid_at }) => <When at={paid_at} style="short" /> },
    { key: "payer", title: titles.payer, is_name: true, cell: payerOf },
    { key: "what", title: titles.what, cell: boughtOf },
    { key: "source", title: titles.source, from: "laptop", cell: ({ provider }) => sourceOf(provider) },
    { key: "state", title: titles.state, cell: (payment) => <PaymentStates payment={payment} /> },
    {
      key: "amount",
      title: titles.amount,
      is_figure: true,
      cell: (payment) => <Money cents={payment.amount_cents} currency={payment.currency ?? currency} />,
    },
  ];
}

/** The likeliest decision, where somebody has to make one; two payments are compared before. */
function FirstDecision({ payment }: { payment: Payment }) {
  const { location_id } = useLocationHere();
  const [open, setOpen] = useState<Resolution | null>(null);
  if (!isWaiting(payment)) return null;
  if (payment.status === "probable_duplicate") {
    return (
      <Button variant="default" size="compact-xs" component={Link} to={paths.payment(location_id, payment.id)}>
        {paymentsTexts.compare}
      </Button>
    );
  }
  const [first] = resolutionsOf(payment);
  if (!first) return null;
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={() => setOpen(first)}>
        {resolveTexts[first].action}
      </Button>
      {open && <PaymentDialog payment={payment} action={open} onClose={() => setOpen(null)} />}
    </>
  );
}
