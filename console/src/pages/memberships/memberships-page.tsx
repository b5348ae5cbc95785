import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { usePages } from "../../api/location-api.ts";
import { useLocationHere, useMayChange } from "../../api/place.ts";
import { useProducts } from "../../api/use-products.ts";
import { paths } from "../../paths.ts";
import { membershipsTexts } from "../../texts/memberships.ts";
import { EmptyList } from "../../ui/empty-list.tsx";
import { ChipFilter, FilterBar, SearchFilter, SelectFilter, useFilters } from "../../ui/filter-bar.tsx";
import { Page } from "../../ui/page.tsx";
import { PagedTable } from "../../ui/paged-table.tsx";
import { SelectionBar } from "../../ui/selection-bar.tsx";
import { RunningWork } from "../bulk/running-work.tsx";
import { ExtendDialog } from "./extend-dialog.tsx";
import { FreezeDialog } from "./freeze-dialog.tsx";
import { MEMBERSHIP_COLUMNS, memberName, type Membership } from "./membership-columns.tsx";

type State = keyof typeof membershipsTexts.states;

const RENEWING_DAYS = 7;
const PAGE = 100;
const STATES = (Object.keys(membershipsTexts.states) as State[]).map((value) => ({
  value,
  label: membershipsTexts.states[value],
}));
const RENEWING = [{ value: String(RENEWING_DAYS), label: membershipsTexts.renewing }];

/** Every recurring member of the location: how each stands, and what happens next. */
export function MembershipsPage() {
  const { location_id } = useLocationHere();
  const may_change = useMayChange();
  const { values, set, clear, is_set } = useFilters(["search", "state", "plan", "renews"]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const plans = useProducts({ type: "membership", selling: false }).map(({ id, name }) => ({ value: id, label: name }));
  const query = {
    search: values.search,
    state: (values.state || "live") as State,
    product_config_id: values.plan,
    ...(values.renews !== "" && { renews_within_days: Number(values.renews) }),
    limit: PAGE,
  };
  const pages = usePages("/memberships", { query }, ({ memberships }) => memberships);
  const chosen = (pages.data ?? []).filter(({ id }) => selected.has(id));
  const is_empty = pages.data?.length === 0 && !is_set;
  return (
    <Page title={membershipsTexts.title} {...(may_change && !is_empty && { actions: <FreezeAll /> })}>
      <RunningWork kinds={["freeze", "unfreeze", "extend"]} />
      <FilterBar onClear={is_set && clear}>
        <SearchFilter
          label={membershipsTexts.search}
          placeholder={membershipsTexts.search}
          value={values.search}
          onChange={(search) => set({ search })}
        />
        <SelectFilter
          label={membershipsTexts.plan}
          options={plans}
          value={values.plan}
          onChange={(plan) => set({ plan })}
        />
        <ChipFilter
          label={membershipsTexts.filter}
          options={STATES}
          value={values.state}
          onChange={(state) => set({ state })}
        />
        <ChipFilter
          label={membershipsTexts.renewing}
          options={RENEWING}
          value={values.renews}
          onChange={(renews) => set({ renews })}
        />
      </FilterBar>
      <PagedTable
        label={membershipsTexts.title}
        pages={pages}
        columns={MEMBERSHIP_COLUMNS}
        keyOf={({ id }) => id}
        nameOf={memberName}
        linkTo={({ contact }) => paths.contact(location_id, contact.external_contact_id)}
        toneOf={toneOf}
        {...(may_change && { selection: { keys: selected, change: setSelected } })}
        empty={
          <EmptyList
            icon={IconRefresh}
            texts={membershipsTexts}
            to={paths.products(location_id)}
            is_filtered={is_set}
            onClear={clear}
          />
        }
      />
      {may_change && <Bulk chosen={chosen} onClear={() => setSelected(new Set())} />}
    </Page>
  );
}

function toneOf({ status }: Membership) {
  if (status === "suspended") return "bad" as const;
  return status === "past_due" ? ("warn" as const) : undefined;
}

/** What is done to those that are selected, or to all. */
function Bulk({ chosen, onClear }: { chosen: readonly Membership[]; onClear: () => void }) {
  const [open, setOpen] = useState<{ kind: "freeze" | "extend"; memberships: readonly Membership[] } | null>(null);
  const close = () => {
    setOpen(null);
    onClear();
  };
  const { freeze, extend } = membershipsTexts;
  return (
    <>
      {chosen.length > 0 && (
        <SelectionBar
          count={membershipsTexts.selected(chosen.length)}
          clear={membershipsTexts.clear_selection}
          onClear={onClear}
        >
          <Button variant="default" onClick={() => setOpen({ kind: "freeze", memberships: chosen })}>
            {freeze.action}
          </Button>
          <Button variant="default" onClick={() => setOpen({ kind: "extend", memberships: chosen })}>
            {extend.action}
          </Button>
        </SelectionBar>
      )}
      {open?.kind === "freeze" && <FreezeDialog memberships={open.memberships} onClose={close} />}
      {open?.kind === "extend" && <ExtendDialog memberships={open.memberships} onClose={close} />}
    </>
  );
}

/** All that are active, or all of one plan: a studio that closes for a while. */
function FreezeAll() {
  const [is_open, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {membershipsTexts.freeze.all}
      </Button>
      {is_open && <FreezeDialog memberships={null} onClose={() => setOpen(false)} />}
    </>
  );
}
