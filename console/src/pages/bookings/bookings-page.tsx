import { Button, Group, SegmentedControl } from "@mantine/core";
import { IconCalendarEvent } from "@tabler/icons-react";
import { useState } from "react";
import { usePages } from "../../api/location-api.ts";
import { useLocationHere, useMayChange } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { bookingsTexts } from "../../texts/bookings.ts";
import { DayRangeFilter, instantsOf } from "../../ui/day-range-filter.tsx";
import { EmptyList } from "../../ui/empty-list.tsx";
import { ChipFilter, FilterBar, SearchFilter, useFilters } from "../../ui/filter-bar.tsx";
import { Page } from "../../ui/page.tsx";
import { PagedTable } from "../../ui/paged-table.tsx";
import { BulkDialog } from "../bulk/bulk-dialog.tsx";
import { RunningWork } from "../bulk/running-work.tsx";
import { BOOKING_COLUMNS, memberName } from "./booking-columns.tsx";
import { BookingDialog, type BookingDecision } from "./booking-dialogs.tsx";
import { BookingPanel } from "./booking-panel.tsx";
import type { Booking } from "./booking-why.ts";

type List = keyof typeof bookingsTexts.lists;
type Only = keyof typeof bookingsTexts.filters;

const LISTS = (Object.keys(bookingsTexts.lists) as List[]).map((value) => ({
  value,
  label: bookingsTexts.lists[value],
}));
const FILTERS = (Object.keys(bookingsTexts.filters) as Only[]).map((value) => ({
  value,
  label: bookingsTexts.filters[value],
}));

/** Every booking of the location: to come and past, and whether its credits are there. */
export function BookingsPage() {
  const { location_id, timezone } = useLocationHere();
  const may_change = useMayChange();
  const place = useFilters(["list"]);
  const { values, set, clear, is_set } = useFilters(["search", "only", "from", "to"]);
  const opened = useFilters(["booking", "contact"]);
  const list = (place.values.list || "upcoming") as List;
  const query = { list, search: values.search, only: values.only as Only, ...instantsOf(values, timezone) };
  const pages = usePages("/bookings", { query }, ({ bookings }) => bookings);
  return (
    <Page title={bookingsTexts.title} {...(may_change && values.only === "unfunded" && { actions: <SettleAll /> })}>
      <RunningWork kinds={["settle"]} />
      <FilterBar onClear={is_set && clear}>
        <SegmentedControl
          size="xs"
          aria-label={bookingsTexts.which}
          data={LISTS}
          value={list}
          onChange={(next) => place.set({ list: next === "upcoming" ? "" : next })}
        />
        <SearchFilter
          label={bookingsTexts.search}
          placeholder={bookingsTexts.search}
          value={values.search}
          onChange={(search) => set({ search })}
        />
        <DayRangeFilter label={bookingsTexts.days} value={values} onChange={set} />
        <ChipFilter
          label={bookingsTexts.filter}
          options={FILTERS}
          value={values.only}
          onChange={(only) => set({ only })}
        />
      </FilterBar>
      <PagedTable
        label={bookingsTexts.title}
        pages={pages}
        columns={BOOKING_COLUMNS}
        keyOf={({ id, external_contact_id }) => `${id} ${external_contact_id}`}
        nameOf={memberName}
        onOpen={({ id, external_contact_id }) => opened.set({ booking: id, contact: external_contact_id })}
        toneOf={({ standing }) => (standing === "unfunded" ? "bad" : undefined)}
        {...(may_change && { actions: (booking: Booking) => <Decisions booking={booking} /> })}
        empty={
          <EmptyList
            icon={IconCalendarEvent}
            texts={{ ...bookingsTexts, none: { ...bookingsTexts.none, title: bookingsTexts.none.titles[list] } }}
            to={paths.products(location_id)}
            is_filtered={is_set}
            onClear={clear}
          />
        }
      />
      {opened.values.booking !== "" && (
        <BookingPanel contact={opened.values.contact} id={opened.values.booking} onClose={opened.clear} />
      )}
    </Page>
  );
}

/** What staff may decide of a booking that could not be charged. */
function Decisions({ booking }: { booking: Booking }) {
  const [decision, setDecision] = useState<BookingDecision | null>(null);
  if (booking.standing !== "unfunded") return null;
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <Button
        variant="default"
        size="compact-xs"
        onClick={() => setDecision("settle")}
        children={bookingsTexts.settle}
      />
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        onClick={() => setDecision("waive")}
        children={bookingsTexts.waive.action}
      />
      {decision && <BookingDialog decision={decision} booking={booking} onClose={() => setDecision(null)} />}
    </Group>
  );
}

/** Charges whatever can be charged by now. */
function SettleAll() {
  const [is_open, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)} children={bookingsTexts.settle_all} />
      {is_open && (
        <BulkDialog
          title={bookingsTexts.settle_all_title}
          about={bookingsTexts.settle_all_about}
          initial={{}}
          work={({ reason }) => ({ kind: "settle", reason })}
          confirm={bookingsTexts.settle_all_confirm}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
