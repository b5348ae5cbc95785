import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { useServer } from "../support.ts";
import { inDays, itemsOf, openMember, readAll } from "./reads-studio.ts";

const server = useServer();
const LISTS = ["entitlements", "ledger", "payments", "appointments/upcoming", "appointments/past", "timeline"] as const;
const PROFILES = ["", "/summary", "/credits"] as const;

/** Five more purchases and bookings, to come and past. */
async function withHistory() {
  const opened = await openMember(server);
  const { member } = opened;
  for (let i = 1; i <= 5; i += 1) {
    await member.grant("pack", { paid_at: inDays(-i) });
    for (const days of [i, -i]) {
      await member.deduct({
        calendar_id: "yoga",
        external_ref: `${member.id}-${days}`,
        appointment_time: inDays(days),
      });
    }
  }
  return opened;
}

describe.each(LISTS)("the list %s", (list) => {
  test("is the same by pages of any size: nothing lost, nothing twice, one order", async () => {
    const { studio, member, read } = await withHistory();
    const path = `/contacts/${member.id}/${list}`;
    const whole = itemsOf(await read(`/${list}?limit=100`));
    expect(whole.length).toBeGreaterThanOrEqual(5);
    for (const limit of [1, 2, 5]) {
      const { items, pages } = await readAll(studio.api, path, limit);
      expect(items).toEqual(whole);
      expect(pages).toBe(Math.ceil(whole.length / limit));
    }
  });

  test("stays in place while new things arrive between its pages", async () => {
    const { studio, member, read } = await withHistory();
    const before = itemsOf(await read(`/${list}?limit=100`)).map(({ id }) => id);
    // The timeline begins with what is to come: the first page must reach the past for what is new to stand above it.
    const first = await read(`/${list}?limit=${list === "timeline" ? 9 : 2}`);
    await member.grant("pack");
    const booked = { calendar_id: "yoga", external_ref: `${member.id}-new` };
    await member.deduct({ ...booked, appointment_time: inDays(list === "appointments/past" ? -0.01 : 50) });
    const rest = [];
    let cursor = first.body["next_cursor"];
    while (typeof cursor === "string") {
      const page = await studio.api.get(`/contacts/${member.id}/${list}?limit=2&cursor=${cursor}`);
      rest.push(...itemsOf(page));
      cursor = page.body["next_cursor"];
    }
    expect([...itemsOf(first), ...rest].map(({ id }) => id)).toEqual(before);
  });

  test("takes a limit of 1 and of 100, and 20 without a wish", async () => {
    const { read } = await openMember(server);
    expect(itemsOf(await read(`/${list}?limit=1`)).length).toBeLessThanOrEqual(1);
    expect((await read(`/${list}?limit=100`)).status).toBe(200);
    expect((await read(`/${list}`)).status).toBe(200);
  });

  test.each(["0", "101", "-1", "1.5", "abc", "", "1e1", "0x5", "%20", "99999999999999999999"])(
    "refuses the limit %j by name",
    async (limit) => {
      const { read } = await openMember(server);
      expect(await read(`/${list}?limit=${limit}`)).toBeInvalid("limit");
    },
  );

  test.each(["x", "", "%00", "e30", "bnVsbA", "W10", "'; DROP TABLE contacts; --", "AAAA", "e30".repeat(700)])(
    "refuses garbage as cursor by name: %#",
    async (cursor) => {
      const { read } = await openMember(server);
      expect(await read(`/${list}?cursor=${encodeURIComponent(cursor)}`)).toBeInvalid("cursor");
    },
  );

  test("refuses the cursor of another list", async () => {
    const { read } = await withHistory();
    const other = list === "ledger" ? "payments" : "ledger";
    const { body } = await read(`/${other}?limit=1`);
    expect(await read(`/${list}?cursor=${String(body["next_cursor"])}`)).toBeInvalid("cursor");
  });

  test("names all that is wrong at once", async () => {
    const { read } = await openMember(server);
    expect(await read(`/${list}?limit=0&cursor=x&location_id=`)).toFail(401, "UNAUTHORIZED");
    expect(await read(`/${list}?limit=0&cursor=x`)).toBeInvalid("cursor", "limit");
    expect(await read(`/${list}?limit=1&limit=2`)).toBeInvalid("limit");
    expect(await read(`/${list}?cursor=a&cursor=b`)).toBeInvalid("cursor");
  });
});

test("a timeline that has told only what is to come still tells what happens meanwhile, whole", async () => {
  const { studio, member, read } = await withHistory();
  const first = await read("/timeline?limit=2");
  const before = itemsOf(await read("/timeline?limit=100")).length;
  await member.grant("pack");
  const path = `/contacts/${member.id}/timeline`;
  const rest = await studio.api.get(`${path}?limit=100&cursor=${String(first.body["next_cursor"])}`);
  const told = [...itemsOf(first), ...itemsOf(rest)];
  expect(told).toHaveLength(before + 2);
  expect(told).toEqual(itemsOf(await read("/timeline?limit=100")));
});

test("what happens after the time that a page ended at does not come on the next", async () => {
  const { member, read } = await openMember(server);
  const soon = { external_ref: `${member.id}-soon`, appointment_time: inDays(0.6 / 86_400) };
  await member.deduct({ calendar_id: "yoga", ...soon });
  const before = itemsOf(await read("/timeline"));
  const first = await read("/timeline?limit=2");
  expect(itemsOf(first).at(-1)?.["kind"]).toBe("appointment");
  await sleep(700);
  await member.grant("pack");
  const rest = await read(`/timeline?cursor=${String(first.body["next_cursor"])}`);
  expect([...itemsOf(first), ...itemsOf(rest)]).toEqual(before);
});

test("20 items are a page without a wish", async () => {
  const { member, read } = await openMember(server);
  for (let i = 0; i < 20; i += 1) await member.grant("pack");
  const { body } = await read("/payments");
  expect(itemsOf(await read("/payments"))).toHaveLength(20);
  expect(body["next_cursor"]).toEqual(expect.any(String));
  const rest = await read(`/payments?cursor=${String(body["next_cursor"])}`);
  expect(itemsOf(rest)).toHaveLength(1);
  expect(rest.body["next_cursor"]).toBeNull();
});

test.each(PROFILES)("what is no list ignores limit and cursor: /contacts/{id}%s", async (path) => {
  const { read } = await openMember(server);
  expect((await read(`${path}?limit=0&cursor=x&whatever=1`)).status).toBe(200);
});
