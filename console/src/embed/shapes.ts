import type { components } from "./embed-api.generated.ts";

type Schemas = components["schemas"];

/** What the server answers, in the contract's own words. */
export type Opened = Schemas["Opened"];
export type Panel = Schemas["Panel"];
export type Contacts = Schemas["Contacts"];
export type Today = Schemas["Today"];
export type Calendars = Schemas["Calendars"];

export type Product = Panel["products"][number];
export type Lot = Product["entitlements"][number];
export type Membership = Panel["memberships"][number];
export type PanelBooking = Panel["bookings"]["next"][number];
export type TodayBooking = Today["bookings"][number];
export type FoundContact = Contacts["contacts"][number];
