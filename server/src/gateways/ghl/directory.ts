import { z } from "zod";
import { pathTo, type GhlClient } from "./client.ts";
import { orNull } from "./ghl-error.ts";
import { readOne } from "./read-list.ts";
import { flag, id, readRecord, record, text } from "./tolerant.ts";

export interface GhlLocation {
  location_id: string;
  company_id: string | null;
  name: string | null;
  /** IANA name, as GoHighLevel has it. */
  timezone: string | null;
  email: string | null;
}

export interface GhlUser {
  user_id: string;
  name: string | null;
  email: string | null;
  /** `admin` or `user`. */
  role: string | null;
  /** `agency` or `account`. */
  user_kind: string | null;
  location_ids: string[];
}

/** Who installed the app, as the marketplace has it. */
export interface GhlInstaller {
  company_id: string | null;
  company_name: string | null;
  company_email: string | null;
  is_whitelabel: boolean;
  whitelabel_domain: string | null;
}

const locationShape = z
  .object({ id, companyId: id, name: text, timezone: text, email: text })
  .transform((told): GhlLocation | null =>
    told.id
      ? {
          location_id: told.id,
          company_id: told.companyId,
          name: told.name,
          timezone: told.timezone,
          email: told.email,
        }
      : null,
  );

const roles = z.object({ type: text, role: text, locationIds: z.array(z.string()).catch([]) });

const userShape = z.object({ id, name: text, email: text, roles: record }).transform((told): GhlUser | null => {
  const { type, role, locationIds } = roles.parse(told.roles);
  if (!told.id) return null;
  return {
    user_id: told.id,
    name: told.name,
    email: told.email,
    role,
    user_kind: type,
    location_ids: locationIds,
  };
});

const installerShape = z
  .object({
    companyId: id,
    companyName: text,
    companyEmail: text,
    isWhitelabelCompany: flag,
    whitelabelDetails: record,
  })
  .transform((told): GhlInstaller => ({
    company_id: told.companyId,
    company_name: told.companyName,
    company_email: told.companyEmail,
    is_whitelabel: told.isWhitelabelCompany ?? false,
    whitelabel_domain: text.parse(told.whitelabelDetails["domain"]),
  }));

/** Throws `GhlError`. */
export async function findLocation(ghl: GhlClient, location_id: string): Promise<GhlLocation | null> {
  const answer = await orNull(ghl.call({ method: "GET", path: pathTo("/locations/{}", location_id) }));
  return answer === null ? null : readOne(locationShape, readRecord(answer)["location"] ?? answer);
}

/** Throws `GhlError`. */
export async function findUser(ghl: GhlClient, user_id: string): Promise<GhlUser | null> {
  const answer = await orNull(ghl.call({ method: "GET", path: pathTo("/users/{}", user_id) }));
  return answer === null ? null : readOne(userShape, readRecord(answer)["user"] ?? answer);
}

/** Null where the app is not installed. Throws `GhlError`. */
export async function findInstaller(ghl: GhlClient, app_id: string): Promise<GhlInstaller | null> {
  const path = pathTo("/marketplace/app/{}/installations", app_id);
  const answer = await orNull(ghl.call({ method: "GET", path }));
  return answer === null ? null : readOne(installerShape, readRecord(answer)["installationDetails"]);
}

/** Takes the app off a location, or off an agency with all its locations. False: it was not there. Throws `GhlError`. */
export async function uninstallApp(
  ghl: GhlClient,
  app_id: string,
  { location_id, company_id, reason }: { location_id?: string; company_id?: string; reason: string },
): Promise<boolean> {
  const body = { locationId: location_id, companyId: company_id, reason };
  const path = pathTo("/marketplace/app/{}/installations", app_id);
  return (await orNull(ghl.call({ method: "DELETE", path, body }).then(() => true))) ?? false;
}
