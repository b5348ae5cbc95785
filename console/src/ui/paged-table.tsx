import { Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Pages } from "../api/calls.ts";
import { uiTexts } from "../texts/ui.ts";
import { DataTable, type TableProps } from "./data-table.tsx";
import { formatNumber } from "./format.ts";
import { ErrorState, LoadingLines } from "./states.tsx";

interface PagedTableProps<Row> extends Omit<TableProps<Row>, "rows"> {
  pages: Pages<Row>;
  /** What stands there when there is nothing: an EmptyState that says what to do next. */
  empty: ReactNode;
}

/** A list that is read page by page: loading, empty, failed, and as much of it as was asked for. */
export function PagedTable<Row>({ pages, empty, ...table }: PagedTableProps<Row>) {
  const { data: rows, error } = pages;
  if (!rows)
    return error ? <ErrorState error={error} retry={() => void pages.refetch()} /> : <LoadingLines lines={10} />;
  if (rows.length === 0) return empty;
  return (
    <div>
      <div style={{ opacity: pages.isPlaceholderData ? 0.55 : 1 }}>
        <DataTable {...table} rows={rows} />
      </div>
      <LoadMore pages={pages} count={rows.length} />
    </div>
  );
}

/** How many are shown, and the next page. */
export function LoadMore({ pages, count }: { pages: Pages<unknown>; count: number }) {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, error } = pages;
  const shown = formatNumber(count);
  return (
    <Group justify="space-between" mt="xs" mih={30} gap="xs">
      <Text size="xs" c="dimmed" role="status">
        {hasNextPage ? uiTexts.some_loaded(shown) : uiTexts.all_loaded(shown)}
      </Text>
      {isFetchNextPageError && <Text size="xs" c="var(--mantine-color-error)" role="alert" children={error?.message} />}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {uiTexts.load_more}
        </Button>
      )}
    </Group>
  );
}
