import { Button, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useMayChange } from "../../api/place.ts";
import { productsTexts as texts } from "../../texts/products.ts";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { formatList } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { FamilyDialog } from "./family-dialog.tsx";
import type { Catalog, FamilyRow } from "./product-values.ts";
import type { GhlNames } from "./use-ghl-names.ts";

/** Calendars that share credits. */
export function Families({ catalog, ghl }: { catalog: Catalog; ghl: GhlNames }) {
  const [edited, setEdited] = useState<FamilyRow | "new" | null>(null);
  const may_change = useMayChange();
  const { families } = catalog;
  return (
    <Section
      title={texts.families}
      actions={
        may_change && (
          <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setEdited("new")}>
            {texts.new_family}
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed">
        {families.length === 0 ? texts.no_families : texts.families_about}
      </Text>
      {families.length > 0 && (
        <DataTable
          label={texts.families}
          columns={columnsOf(catalog, ghl)}
          rows={families}
          keyOf={({ key }) => key}
          {...(may_change && { onOpen: setEdited })}
        />
      )}
      {edited && (
        <FamilyDialog
          family={edited === "new" ? null : edited}
          used_by={edited === "new" ? [] : usedBy(catalog, edited.key)}
          ghl={ghl}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  );
}

/** Product configs that name a family. */
function usedBy({ product_configs }: Catalog, key: string): string[] {
  return product_configs
    .filter(({ terms }) => (terms["families"] as string[] | undefined)?.includes(key))
    .map(({ name }) => name);
}

function columnsOf(catalog: Catalog, ghl: GhlNames): Column<FamilyRow>[] {
  const { family: words } = texts;
  return [
    {
      key: "name",
      title: words.name,
      is_name: true,
      width: "24%",
      cell: ({ name, key }) => (
        <span>
          {name}
          {name !== key && (
            <Text span size="xs" c="dimmed" fw={400} display="block">
              {key}
            </Text>
          )}
        </span>
      ),
    },
    {
      key: "calendars",
      title: words.calendars,
      cell: ({ calendars }) => formatList(calendars.map(ghl.calendarName)),
    },
    {
      key: "used_by",
      title: words.used_by,
      cell: ({ key }) => formatList(usedBy(catalog, key)) || null,
    },
  ];
}
