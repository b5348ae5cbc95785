import { usePages } from "../../api/location-api.ts";
import { entitlementTexts } from "../../texts/entitlements.ts";
import { formatInstant, justBefore } from "../../ui/format.ts";
import { useTimezone } from "../../ui/when.tsx";

const AS_MANY = 100;

/** What the contact's entitlements are called, by id: the product, and the last day that tells it from its like. */
export function useEntitlementNames(contact_id: string): ReadonlyMap<string, string> {
  const timezone = useTimezone();
  const { data = [] } = usePages(
    "/contacts/{id}/entitlements",
    { path: { id: contact_id }, query: { limit: AS_MANY } },
    ({ entitlements }) => entitlements,
    // What a preview names may have been bought a moment ago.
    { is_always_fresh: true },
  );
  return new Map(
    data.map(({ id, name, expires_at }) => [
      id,
      expires_at === null ? name : entitlementTexts.lot(name, formatInstant(justBefore(expires_at), "day", timezone)),
    ]),
  );
}
