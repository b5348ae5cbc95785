import { Button, Text } from "@mantine/core";
import { IconPackage, IconPlus } from "@tabler/icons-react";
import { useNavigate } from "react-router";
import { useRead } from "../../api/location-api.ts";
import { useLocationHere, useMayChange } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { productsTexts as texts } from "../../texts/products.ts";
import { Credits } from "../../ui/amounts.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { ChipFilter, FilterBar, SearchFilter, useFilters } from "../../ui/filter-bar.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Families } from "./families.tsx";
import { NoCreditProducts } from "./no-credit-products.tsx";
import { ProductName } from "./product-name.tsx";
import { ruleSentence, type RuleNames } from "./product-rule.ts";
import type { Catalog, ProductRow } from "./product-values.ts";
import { useGhlNames } from "./use-ghl-names.ts";

const FILTERS = (["active", "inactive", "unmapped"] as const).map((value) => ({ value, label: texts.filters[value] }));

/** What the location sells: every product config in words, the families, and what grants nothing. */
export function ProductsPage() {
  const { location_id } = useLocationHere();
  const query = useRead("/product-configs", {});
  const may_change = useMayChange();
  const is_empty = query.data?.product_configs.length === 0;
  return (
    <Page
      title={texts.title}
      about={texts.about}
      actions={may_change && !is_empty && <NewProduct location_id={location_id} />}
    >
      <Loaded query={query}>{(catalog) => <Sold catalog={catalog} />}</Loaded>
    </Page>
  );
}

function Sold({ catalog }: { catalog: Catalog }) {
  const { location_id } = useLocationHere();
  const may_change = useMayChange();
  const ghl = useGhlNames(catalog);
  const { values, set, clear, is_set } = useFilters(["search", "filter"]);
  const { product_configs: all } = catalog;
  const rows = all.filter((row) => isWanted(row, values));
  const names: RuleNames = {
    calendar: ghl.calendarName,
    family: (key) => catalog.families.find((family) => family.key === key)?.name ?? key,
  };
  return (
    <>
      {all.length > 0 && (
        <FilterBar onClear={is_set && clear}>
          <SearchFilter
            label={texts.search}
            placeholder={texts.search}
            value={values.search}
            onChange={(search) => set({ search })}
          />
          <ChipFilter
            label={texts.filter}
            options={FILTERS}
            value={values.filter}
            onChange={(filter) => set({ filter })}
          />
        </FilterBar>
      )}
      {all.length === 0 ? (
        <EmptyState
          icon={IconPackage}
          {...texts.none}
          action={may_change && <NewProduct location_id={location_id} />}
        />
      ) : rows.length === 0 ? (
        <EmptyState icon={IconPackage} {...texts.none_found} />
      ) : (
        <DataTable
          label={texts.title}
          columns={columnsOf(names)}
          rows={rows}
          keyOf={({ id }) => id}
          linkTo={({ id }) => paths.product(location_id, id)}
          toneOf={({ conflicts }) => (conflicts.length > 0 ? "warn" : undefined)}
        />
      )}
      <Families catalog={catalog} ghl={ghl} />
      <NoCreditProducts catalog={catalog} ghl={ghl} />
    </>
  );
}

function NewProduct({ location_id }: { location_id: string }) {
  const navigate = useNavigate();
  return (
    <Button leftSection={<IconPlus size={15} />} onClick={() => void navigate(paths.product(location_id, "new"))}>
      {texts.new_product}
    </Button>
  );
}

function isWanted(row: ProductRow, { search, filter }: { search: string; filter: string }): boolean {
  const text = search.toLowerCase();
  if (!`${row.name} ${row.key} ${row.id}`.toLowerCase().includes(text)) return false;
  if (filter === "active") return row.active;
  if (filter === "inactive") return !row.active;
  return filter !== "unmapped" || row.sold_as.length === 0;
}

function columnsOf(names: RuleNames): Column<ProductRow>[] {
  const { columns: titles } = texts;
  return [
    { key: "name", title: titles.name, is_name: true, width: "24%", cell: (row) => <ProductName row={row} /> },
    {
      key: "rule",
      title: titles.rule,
      is_bare: true,
      cell: ({ type, terms }) => (
        <Text size="sm" ta="start" flex={1}>
          {ruleSentence({ type, terms }, names)}
        </Text>
      ),
    },
    { key: "sold_as", title: titles.sold_as, from: "laptop", width: 170, cell: (row) => <SoldIn row={row} /> },
    {
      key: "members",
      title: titles.members,
      is_figure: true,
      from: "tablet",
      cell: ({ members }) => <Credits value={members} />,
    },
    {
      key: "credits",
      title: titles.credits,
      is_figure: true,
      cell: ({ credits }) => <Credits value={credits} strong />,
    },
  ];
}

function SoldIn({ row: { sold_as, conflicts } }: { row: ProductRow }) {
  if (conflicts.length > 0) {
    return (
      <Text size="sm" c="var(--k-warn)">
        {texts.collides}
      </Text>
    );
  }
  const providers = [...new Set(sold_as.map(({ provider }) => texts.providers[provider]))];
  if (providers.length > 0) return providers.join(", ");
  return (
    <Text size="sm" c="dimmed">
      {texts.not_mapped}
    </Text>
  );
}
