import type { Shape } from "../api/location-api.ts";
import { entitlementTexts } from "../texts/entitlements.ts";
import { formatNumber } from "./format.ts";
import classes from "./entitlement-bar.module.css";

type Entitlement = Pick<
  Shape<"Entitlement">,
  "unlimited" | "credits_granted" | "credits_remaining" | "credits_held" | "status"
>;

/** What is left, held and gone of one entitlement, as lengths. */
export function EntitlementBar({ entitlement }: { entitlement: Entitlement }) {
  const { unlimited, credits_granted, credits_remaining, credits_held: held, status } = entitlement;
  if (unlimited)
    return <div className={classes.bar} data-unlimited role="img" aria-label={entitlementTexts.unlimited} />;
  const granted = credits_granted ?? 0;
  const left = credits_remaining ?? 0;
  const share = (part: number) => `${granted === 0 ? 0 : (part / granted) * 100}%`;
  const label = entitlementTexts.bar(formatNumber(left), formatNumber(held), formatNumber(granted));
  return (
    <div className={classes.bar} role="img" aria-label={label} data-quiet={status !== "active" || undefined}>
      <span data-part="left" style={{ width: share(left) }} />
      <span data-part="held" style={{ width: share(held) }} />
    </div>
  );
}
