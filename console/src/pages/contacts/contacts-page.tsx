import { IconAddressBook } from "@tabler/icons-react";
import { usePages, type Answer } from "../../api/location-api.ts";
import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { contactsTexts } from "../../texts/contacts.ts";
import { Credits } from "../../ui/amounts.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { EmptyList } from "../../ui/empty-list.tsx";
import { ChipFilter, FilterBar, SearchFilter, useFilters } from "../../ui/filter-bar.tsx";
import { Page } from "../../ui/page.tsx";
import { PagedTable } from "../../ui/paged-table.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { LastDay } from "../../ui/when.tsx";

type ContactRow = Answer<"/contact-search">["contacts"][number];

const { columns: titles, filters: filterTexts } = contactsTexts;

const COLUMNS: readonly Column<ContactRow>[] = [
  { key: "name", title: titles.name, is_name: true, cell: (row) => row.name ?? row.email ?? row.external_contact_id },
  { key: "email", title: titles.email, from: "tablet", cell: ({ email }) => email },
  { key: "phone", title: titles.phone, from: "laptop", cell: ({ phone }) => phone },
  {
    key: "membership",
    title: titles.membership,
    cell: ({ membership }) => membership && <StatusBadge status={membership} />,
  },
  {
    key: "next_expiry",
    title: titles.next_expiry,
    cell: ({ next_expiry_at: at }) => at !== null && <LastDay before={at} />,
  },
  {
    key: "held",
    title: titles.held,
    is_figure: true,
    from: "tablet",
    cell: ({ credits_held }) => <Credits value={credits_held} />,
  },
  {
    key: "available",
    title: titles.available,
    is_figure: true,
    cell: ({ credits_available, unlimited }) =>
      unlimited ? <Credits value={null} /> : <Credits value={credits_available} strong />,
  },
];

const FILTERS = Object.entries(filterTexts).map(([value, label]) => ({ value, label }));

/** Every member of the location: found by name, e-mail, phone or any id. */
export function ContactsPage() {
  const { location_id } = useLocationHere();
  const { values, set, clear, is_set } = useFilters(["search", "filter"]);
  const query = { search: values.search, filters: values.filter };
  const pages = usePages("/contact-search", { query }, ({ contacts }) => contacts);
  return (
    <Page title={contactsTexts.title}>
      <FilterBar onClear={is_set && clear}>
        <SearchFilter
          label={contactsTexts.search}
          placeholder={contactsTexts.search}
          value={values.search}
          onChange={(search) => set({ search })}
        />
        <ChipFilter
          label={contactsTexts.filter}
          options={FILTERS}
          value={values.filter}
          onChange={(filter) => set({ filter })}
        />
      </FilterBar>
      <PagedTable
        label={contactsTexts.title}
        pages={pages}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        linkTo={({ external_contact_id }) => paths.contact(location_id, external_contact_id)}
        empty={
          <EmptyList
            icon={IconAddressBook}
            texts={contactsTexts}
            to={paths.gettingStarted(location_id)}
            is_filtered={is_set}
            onClear={clear}
          />
        }
      />
    </Page>
  );
}
