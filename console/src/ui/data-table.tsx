import { Checkbox, VisuallyHidden } from "@mantine/core";
import { useRef, type KeyboardEvent, type ReactNode } from "react";
import { Link } from "react-router";
import { uiTexts } from "../texts/ui.ts";
import classes from "./data-table.module.css";

export interface Column<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** Figures stand right, with equal widths. */
  is_figure?: boolean;
  /** The row's name: its link, and the head of its card on a phone. */
  is_name?: boolean;
  /** Says itself what it is: on a card it stands without its title. */
  is_bare?: boolean;
  /** Left out where it is narrower than a laptop, or than a tablet; a card on a phone shows all. */
  from?: "tablet" | "laptop";
  width?: number | string;
}

export interface Selection {
  keys: ReadonlySet<string>;
  change: (keys: ReadonlySet<string>) => void;
}

export interface TableProps<Row> {
  /** What the table holds, for who cannot see it. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** The row's own name in words, for its check box. */
  nameOf?: (row: Row) => string;
  /** Where its name leads. */
  linkTo?: (row: Row) => string;
  /** Opens it here instead, in a dialog or drawer. */
  onOpen?: (row: Row) => void;
  selection?: Selection;
  /** What is done with one row, at its end. */
  actions?: (row: Row) => ReactNode;
  /** Marks rows that want a person. */
  toneOf?: (row: Row) => "bad" | "warn" | undefined;
}

/** A dense list: head that stays, arrow keys between the rows' names, cards on a phone. */
export function DataTable<Row>(props: TableProps<Row>) {
  const { label, columns, rows, keyOf, toneOf, selection, actions } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label={label} role="table">
        <thead role="rowgroup">
          <tr role="row">
            {selection && <th role="columnheader" className={classes.check} children={<SelectAll {...props} />} />}
            {columns.map(({ key, title, is_figure, from, width }) => (
              <th
                key={key}
                role="columnheader"
                scope="col"
                data-figure={is_figure || undefined}
                data-from={from}
                style={{ width }}
              >
                {title}
              </th>
            ))}
            {actions && (
              <th role="columnheader" className={classes.actions}>
                <VisuallyHidden>{uiTexts.more_actions}</VisuallyHidden>
              </th>
            )}
          </tr>
        </thead>
        <tbody role="rowgroup" ref={body} onKeyDown={(event) => moveBetweenRows(event, body.current)}>
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row" data-tone={toneOf?.(row)}>
              {selection && <td role="cell" className={classes.check} children={<SelectRow {...props} row={row} />} />}
              {columns.map((column) => (
                <td
                  key={column.key}
                  role="cell"
                  data-title={column.is_bare ? undefined : column.title}
                  data-figure={column.is_figure || undefined}
                  data-name={column.is_name || undefined}
                  data-from={column.from}
                >
                  {column.is_name ? (
                    <RowName {...props} row={row}>
                      {column.cell(row)}
                    </RowName>
                  ) : (
                    column.cell(row)
                  )}
                </td>
              ))}
              {actions && <td role="cell" className={classes.actions} children={actions(row)} />}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type RowProps<Row> = TableProps<Row> & { row: Row };

function RowName<Row>({ row, linkTo, onOpen, children }: RowProps<Row> & { children: ReactNode }) {
  if (linkTo) return <Link to={linkTo(row)} className={classes.name} data-row-name children={children} />;
  if (!onOpen) return children;
  return (
    <button type="button" className={classes.name} data-row-name onClick={() => onOpen(row)} children={children} />
  );
}

function SelectRow<Row>({ row, keyOf, nameOf, selection }: RowProps<Row>) {
  if (!selection) return null;
  const key = keyOf(row);
  const change = () => {
    const keys = new Set(selection.keys);
    if (!keys.delete(key)) keys.add(key);
    selection.change(keys);
  };
  return (
    <Checkbox
      size="xs"
      aria-label={uiTexts.select_row(nameOf?.(row) ?? key)}
      checked={selection.keys.has(key)}
      onChange={change}
    />
  );
}

function SelectAll<Row>({ rows, keyOf, selection }: TableProps<Row>) {
  if (!selection) return null;
  const count = rows.filter((row) => selection.keys.has(keyOf(row))).length;
  const is_all = count > 0 && count === rows.length;
  return (
    <Checkbox
      size="xs"
      aria-label={uiTexts.select_all}
      checked={is_all}
      indeterminate={count > 0 && !is_all}
      onChange={() => selection.change(new Set(is_all ? [] : rows.map(keyOf)))}
    />
  );
}

const STEPS: Partial<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

function moveBetweenRows(event: KeyboardEvent, body: HTMLTableSectionElement | null): void {
  const step = STEPS[event.key];
  const names = [...(body?.querySelectorAll<HTMLElement>("[data-row-name]") ?? [])];
  const at = names.indexOf(event.target as HTMLElement);
  if (step === undefined || at < 0) return;
  event.preventDefault();
  names[Math.min(Math.max(at + step, 0), names.length - 1)]?.focus();
}
