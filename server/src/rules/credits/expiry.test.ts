import { describe, expect, test } from "vitest";
import { at, catalogOf, membershipOf, NEW_YORK, packOf } from "../testing.ts";
import { endOfPeriodLot, lifeOfPackage } from "./expiry.ts";
import { TestLedger } from "./testing-ledger.ts";

describe("Rule 14. A package is good through the last local day of its expiry_days", () => {
  const bought = (terms: Parameters<typeof packOf>[1], when: string, zone = NEW_YORK) =>
    lifeOfPackage(packOf("pack", terms), at(when, zone), zone).expires_at;

  test("n = 30 bought on 1 November is usable through 1 December", () => {
    const ledger = new TestLedger(catalogOf([packOf("pack", { expiry_days: 30 })]), at("2026-11-01T23:59"));
    ledger.grant("pack");
    ledger.now = at("2026-12-01T23:59:59.999");
    expect(ledger.check({ calendar_id: "yoga" }).outcome).toMatchObject({ reason_code: "eligible" });
    ledger.now = at("2026-12-02T00:00");
    expect(ledger.check({ calendar_id: "yoga" }).outcome).toMatchObject({ detail: "ENTITLEMENT_EXPIRED" });
  });

  test("without expiry_days it never expires, however it is activated", () => {
    expect(bought({}, "2026-11-01T09:00")).toBeNull();
    expect(bought({ activation: "on_first_use" }, "2026-11-01T09:00")).toBeNull();
  });

  test("for zero days it is good for the rest of the day", () => {
    expect(bought({ expiry_days: 0 }, "2026-11-01T09:00")).toBe(at("2026-11-02T00:00"));
  });

  test("the date is the location's, not the server's", () => {
    const zone = "Australia/Lord_Howe";
    expect(bought({ expiry_days: 1 }, "2026-10-03T00:30", zone)).toBe(at("2026-10-05T00:00", zone));
  });
});

describe("Rule 16. Activation on first use: the clock starts at the first service date booked", () => {
  const config = packOf("pack", { expiry_days: 30, activation: "on_first_use", activate_within_days: 60 });
  const unused_expires_at = at("2026-04-02T00:00"); // 1 January + 60 = 2 March, + 30 = 1 April
  const start = () => {
    const ledger = new TestLedger(catalogOf([config]), at("2026-01-01T09:00"));
    const { entitlement_id } = ledger.grant("pack");
    return { ledger, lot: () => ledger.lot(entitlement_id) };
  };
  const book = (service: string, external_ref: string) => ({
    calendar_id: "yoga",
    appointment_time: at(service),
    external_ref,
  });

  test("while nobody has used it, it lives as if the clock started by itself after activate_within_days", () => {
    const { lot } = start();
    expect(lot()).toMatchObject({ expires_at: unused_expires_at, activation: { activated_on: null } });
  });

  test("on_first_use waits 180 days where the product does not say otherwise", () => {
    const terms = { expiry_days: 10, activation: "on_first_use" } as const;
    const life = lifeOfPackage(packOf("pack", terms), at("2026-01-01T09:00"), NEW_YORK);
    expect(life.expires_at).toBe(at("2026-07-11T00:00")); // + 180 = 30 June, + 10 = 10 July
  });

  test("the service date starts it, not the day of the booking", () => {
    const { ledger, lot } = start();
    ledger.deduct(book("2026-02-01T18:00", "first"));
    expect(lot()).toMatchObject({ expires_at: at("2026-03-04T00:00"), activation: { activated_on: "2026-02-01" } });
  });

  test("later bookings do not start it again", () => {
    const { ledger, lot } = start();
    ledger.deduct(book("2026-02-01T18:00", "first"));
    ledger.deduct(book("2026-02-20T18:00", "second"));
    ledger.deduct(book("2026-01-20T18:00", "third"));
    expect(lot().expires_at).toBe(at("2026-03-04T00:00"));
  });

  test("undone when that booking is given back before another use; the next booking starts it afresh", () => {
    const { ledger, lot } = start();
    ledger.deduct(book("2026-02-01T18:00", "first"));
    ledger.restore({ external_ref: "first" });
    expect(lot()).toMatchObject({
      expires_at: unused_expires_at,
      activation: { activated_on: null, activated_by: null },
    });
    ledger.deduct(book("2026-02-10T18:00", "second"));
    expect(lot().activation).toMatchObject({ activated_on: "2026-02-10" });
  });

  test("only the whole of it undoes it", () => {
    const { ledger, lot } = start();
    ledger.deduct({ ...book("2026-02-01T18:00", "first"), amount: 2 });
    ledger.restore({ external_ref: "first", amount: 1 });
    expect(lot().activation).toMatchObject({ activated_on: "2026-02-01" });
    ledger.restore({ external_ref: "first", amount: 1 });
    expect(lot().activation).toMatchObject({ activated_on: null });
  });

  test("not undone while another booking of the lot stands, nor when that one goes later", () => {
    const { ledger, lot } = start();
    ledger.deduct(book("2026-02-01T18:00", "first"));
    ledger.deduct(book("2026-02-20T18:00", "second"));
    ledger.restore({ external_ref: "first" });
    expect(lot().activation).toMatchObject({ activated_on: "2026-02-01" });
    ledger.restore({ external_ref: "second" });
    expect(lot().activation).toMatchObject({ activated_on: "2026-02-01" });
  });

  test("undone when the other use was given back first: none is left", () => {
    const { ledger, lot } = start();
    ledger.deduct(book("2026-02-01T18:00", "first"));
    ledger.deduct(book("2026-02-20T18:00", "second"));
    ledger.restore({ external_ref: "second" });
    expect(lot().activation).toMatchObject({ activated_on: "2026-02-01" });
    ledger.restore({ external_ref: "first" });
    expect(lot()).toMatchObject({ expires_at: unused_expires_at, activation: { activated_on: null } });
  });

  test.each([
    ["the day before it starts by itself", "2026-03-01T18:00", "2026-03-01", "2026-04-01T00:00"],
    ["the day it starts by itself", "2026-03-02T18:00", "2026-03-02", "2026-04-02T00:00"],
    ["later: it had started by itself on 2 March", "2026-03-20T18:00", "2026-03-02", "2026-04-02T00:00"],
  ])("first used %s", (_, service, activated_on, expires_at) => {
    const { ledger, lot } = start();
    ledger.now = at("2026-02-25T09:00");
    ledger.deduct(book(service, "first"));
    expect(lot()).toMatchObject({ expires_at: at(expires_at), activation: { activated_on } });
  });

  test("a service date after its last possible day is refused", () => {
    const { ledger } = start();
    expect(ledger.check(book("2026-04-01T23:59", "b")).outcome).toMatchObject({ reason_code: "eligible" });
    expect(ledger.check(book("2026-04-02T00:00", "b")).outcome).toMatchObject({ detail: "ENTITLEMENT_EXPIRED" });
  });

  test("unused, it expires by itself", () => {
    const { ledger, lot } = start();
    ledger.now = unused_expires_at;
    ledger.settle();
    expect(lot()).toMatchObject({ available: 0, live: false });
  });

  test("a package that starts on purchase keeps no clock", () => {
    const ledger = new TestLedger(catalogOf([packOf("pack", { expiry_days: 30 })]), at("2026-01-01T09:00"));
    const { entitlement_id } = ledger.grant("pack");
    ledger.deduct(book("2026-01-05T09:00", "first"));
    expect(ledger.lot(entitlement_id)).toMatchObject({ expires_at: at("2026-02-01T00:00"), activation: null });
  });
});

describe("Rule 21. A period's credits expire with it, plus expiry_days where set", () => {
  const period = { index: 1, start_at: at("2026-02-08T09:00"), end_at: at("2026-03-08T00:00") };

  test.each([
    ["at its end by default", undefined, "2026-03-08T00:00"],
    ["zero days more is the same", 0, "2026-03-08T00:00"],
    ["a day more, which has 23 hours here", 1, "2026-03-09T00:00"],
    ["a week more", 7, "2026-03-15T00:00"],
  ])("%s", (_, expiry_days, expected) => {
    expect(endOfPeriodLot(membershipOf("gold", { expiry_days }), period, NEW_YORK)).toBe(at(expected));
  });
});
