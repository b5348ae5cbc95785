import type { YearRun } from "./year-run.ts";

/** What staff are shown: of which members and why, and which bookings. */
export interface Shown {
  members: Map<string, Set<string>>;
  bookings: Set<string>;
}

interface Page {
  next_cursor: string | null;
  payments?: {
    external_contact_id: string;
    status: string;
    flags: string[];
    items: { status: string; reason: string | null }[];
  }[];
  bookings?: { id: string; external_contact_id: string; unfunded: { reason: string } | null; flags: string[] }[];
}

/** Reads the lists that staff work through, over the API. */
export async function readStaffLists(run: YearRun): Promise<Shown> {
  const { names } = run.providers;
  const shown: Shown = { members: new Map(), bookings: new Set() };
  const show = (contact: string, why: string) => {
    const member = names.nameOf(contact);
    shown.members.set(member, (shown.members.get(member) ?? new Set()).add(why));
  };
  for (const attention of ["flagged", "unmatched", "held", "probable_duplicate"]) {
    for await (const { payments = [] } of pagesOf(run, `/payments?attention=${attention}&limit=100`)) {
      for (const { external_contact_id, status, flags, items } of payments) {
        for (const flag of flags) show(external_contact_id, flag);
        for (const item of items) if (item.reason !== null) show(external_contact_id, item.reason);
        if (status === "probable_duplicate") show(external_contact_id, status);
      }
    }
  }
  for (const list of ["unfunded", "flagged"]) {
    for await (const { bookings = [] } of pagesOf(run, `/bookings/${list}?limit=100`)) {
      for (const { id, external_contact_id, unfunded, flags } of bookings) {
        shown.bookings.add(names.nameOf(id));
        if (unfunded) show(external_contact_id, `unfunded ${unfunded.reason}`);
        for (const flag of flags) show(external_contact_id, flag);
      }
    }
  }
  return shown;
}

/** Whether staff see this line of a member's differences: the member is listed, or the booking, whosever it is by now. */
export function isShown({ members, bookings }: Shown, member: string, line: string): boolean {
  if (members.has(member) || members.has(survivorOf(member))) return true;
  const booking = /^. booking ([^:]+):|^. entry .* for (\S+) on /u.exec(line);
  return bookings.has(booking?.[1] ?? booking?.[2] ?? "");
}

/** Who a twin was merged into: its bookings are listed there. */
function survivorOf(member: string): string {
  return member.replace(/x$/u, "");
}

async function* pagesOf({ studio: { server, token } }: YearRun, path: string): AsyncGenerator<Page> {
  let cursor: string | null = null;
  do {
    const page_path: string = cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${server.base_url}/api/v2${page_path}`, { headers });
    if (answer.status !== 200) throw new Error(`${page_path}: ${answer.status} ${await answer.text()}`);
    const page = (await answer.json()) as Page;
    yield page;
    cursor = page.next_cursor;
  } while (cursor !== null);
}
