import type { Database } from "../../src/platform/database.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import { createLocation } from "../support.ts";

/** A location of the load: its token, and the product that each of its calendars belongs to. */
export interface Studio {
  location_id: string;
  token: string;
  products: { id: string; calendar_id: string; credits: number }[];
}

/** Two locations of two workspaces, whose members, requests, payments and bookings will have the same names. */
export async function openStudios(db: Database, count = 2): Promise<Studio[]> {
  const studios: Studio[] = [];
  for (let i = 0; i < count; i += 1) {
    const { location_id, token, products } = await createLocation(db, {
      products: [
        { key: "pack10", name: "10-class pack", type: "package", credits_total: 10, calendars: ["cal_yoga"] },
        { key: "pack5", name: "5-class pack", type: "package", credits_total: 5, calendars: ["cal_pilates"] },
      ],
    });
    const { pack10 = "", pack5 = "" } = products;
    studios.push({
      location_id: locationUuid(location_id) ?? "",
      token,
      products: [
        { id: pack10, calendar_id: "cal_yoga", credits: 10 },
        { id: pack5, calendar_id: "cal_pilates", credits: 5 },
      ],
    });
  }
  return studios;
}
