import { z } from "zod";
import { locationField } from "../operations/fields.ts";
import { findGhlConnection, ghlConnectionAnswer } from "../views/ghl-connection.ts";
import { readLocation } from "../views/location-read.ts";
import type { LocationCall } from "./location-call.ts";

const nothing = z.object(locationField);

/** How the location stands with GoHighLevel; asks nobody outside. */
export const ghlConnection: LocationCall<typeof nothing> = {
  method: "get",
  path: "/api/v2/ghl/connection",
  name: "ghl_connection",
  title: "Get the connection to GoHighLevel",
  about: "Whether the location is connected, what was read of it and when, and what of that failed.",
  input: nothing,
  reason_code: "ghl_connection_loaded",
  answer: ghlConnectionAnswer,
  example: {
    answer: {
      connection: {
        status: "connected",
        ghl_location_id: "ve9EPM428h8vShlRW1KT",
        installed_at: "2026-11-01T09:00:00.000Z",
        polls: [
          {
            kind: "transactions",
            succeeded_at: "2026-11-21T14:05:00.000Z",
            next_at: "2026-11-21T14:10:00.000Z",
            failures: 0,
            trouble: null,
          },
        ],
        balances: { waiting: 0, troubled: [] },
      },
    },
  },
  run: ({ db, clock }, caller) =>
    readLocation(db, caller, (tx) => findGhlConnection(tx, caller.location_id, clock.now())),
};
