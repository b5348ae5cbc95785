import type { ProductConfig } from "./product-config.ts";
import type { ProductTerms } from "./product-terms.ts";

/** What is wrong with one field of a product config, as it is told beside that field. */
export interface TermFlaw {
  field: string;
  message: string;
}

const ONLY_PACKAGE = ["credits_total", "activation", "activate_within_days"] as const;
const ONLY_MEMBERSHIP = [
  "monthly_credits",
  "rollover",
  "freeze",
  "grace_days",
  "renewal",
  "term_months",
  "anchor",
] as const;

/** What terms that are each well formed cannot be together; empty: nothing. */
export function flawsOf({ type, terms }: Pick<ProductConfig, "type"> & { terms: ProductTerms }): TermFlaw[] {
  const flaws: TermFlaw[] = [];
  const flaw = (field: string, message: string) => flaws.push({ field, message });
  const credits = type === "package" ? "credits_total" : "monthly_credits";
  if (terms[credits] === undefined) flaw(credits, `is required for a ${type}`);
  for (const field of type === "package" ? ONLY_MEMBERSHIP : ONLY_PACKAGE) {
    if (terms[field] !== undefined) flaw(field, `is not a field of a ${type}`);
  }
  const rolls_over = terms.rollover !== undefined && terms.rollover !== "none";
  // Clarification 18.
  if (rolls_over && terms.expiry_days !== undefined) flaw("rollover", "and expiry_days exclude each other");
  if (rolls_over && terms.monthly_credits === "unlimited") {
    flaw("rollover", "is not for an unlimited membership, which has nothing to roll over");
  }
  if (terms.activation === "on_first_use" && terms.expiry_days === undefined) {
    flaw("activation", "on_first_use needs expiry_days");
  }
  return flaws;
}
