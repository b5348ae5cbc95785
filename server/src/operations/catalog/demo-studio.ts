import { randomBytes } from "node:crypto";
import type { Database } from "../../platform/database.ts";
import { countWorkspaces, lockWorkspace } from "../../store/workspaces.ts";
import { applyFile, parseApplyFile } from "./apply-file.ts";

export interface DemoStudio {
  owner: { email: string; password: string };
  location_id: string;
  /** Product configs of the 10-class pack and of the membership with eight credits a month. */
  pack_id: string;
  membership_id: string;
  token: string;
}

const WORKSPACE = "demo";

/** Whether an earlier start seeded the demo studio. */
export async function hasDemoStudio(db: Database): Promise<boolean> {
  return (await db.transaction("owner", (tx) => lockWorkspace(tx, WORKSPACE))) !== null;
}

/** Seeds a studio in a sandbox location; null where the database already has a workspace. */
export async function seedDemoStudio(db: Database): Promise<DemoStudio | null> {
  if ((await db.transaction("owner", (tx) => countWorkspaces(tx))) > 0) return null;
  const owner = { email: "owner@demo-studio.test", password: randomBytes(12).toString("base64url") };
  const file = parseApplyFile({
    workspace: { key: WORKSPACE, name: "Demo Agency", owner: { ...owner, name: "Demo Owner" } },
    locations: [
      {
        key: "studio",
        name: "Demo Yoga Studio",
        timezone: "America/New_York",
        sandbox: true,
        families: [{ key: "mat", name: "Mat classes", calendars: ["cal_yoga", "cal_pilates"] }],
        products: [
          {
            key: "pack10",
            name: "10-class pack",
            type: "package",
            credits_total: 10,
            expiry_days: 30,
            families: ["mat"],
            // What the sample purchases of `kotally send` bought.
            ghl_product_id: "660ed1ff95e1dc88d5b0d346",
            stripe_product_id: "prod_SamplePack",
          },
          {
            key: "monthly8",
            name: "Monthly 8",
            type: "membership",
            monthly_credits: 8,
            rollover: { cap: 4 },
            stripe_product_id: "prod_SampleMembership",
            families: ["mat"],
          },
          {
            key: "unlimited",
            name: "Unlimited",
            type: "membership",
            monthly_credits: "unlimited",
            families: ["mat"],
            limits: { per_day: 2 },
          },
        ],
        api_clients: [
          {
            key: "demo",
            name: "Demo automation",
            scopes: ["grant", "check", "deduct", "restore", "summary", "manage"],
          },
        ],
      },
    ],
  });
  const { locations } = await applyFile(db, file, { actor: "first start" });
  const { location_id, products, api_clients } = locations["studio"] ?? {};
  const pack_id = products?.["pack10"];
  const membership_id = products?.["monthly8"];
  const token = api_clients?.["demo"]?.token;
  if (!location_id || !pack_id || !membership_id || !token) throw new Error("the demo studio is not complete");
  return { owner, location_id, pack_id, membership_id, token };
}
