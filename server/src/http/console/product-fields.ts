import { z } from "zod";
import { productTerms } from "../../operations/catalog/apply-schema.ts";
import type { ProductDraft } from "../../operations/catalog/edit-product.ts";
import { text } from "../../operations/fields.ts";
import { MAX_ALSO_SOLD_AS } from "../../rules/catalog/sold-as.ts";

const {
  ghl_product_id: _1,
  ghl_price_id: _2,
  stripe_product_id: _3,
  stripe_price_id: _4,
  also_sold_as: _5,
  ...terms
} = productTerms;

const soldAs = z
  .strictObject({
    provider: z.enum(["ghl", "stripe"]),
    product_id: text.nullable().default(null),
    price_id: text.nullable().default(null),
  })
  .refine((name) => name.product_id ?? name.price_id, "must name a product_id, a price_id or both");

/** All fields of a product config as the editor holds them; null: the field has its default. */
export const draftFields = {
  name: text.describe("What staff and members read."),
  type: z.enum(["package", "membership"]),
  ...terms,
  sold_as: z
    .array(soldAs)
    .max(MAX_ALSO_SOLD_AS)
    .default([])
    .describe("What a purchase of it is called in GoHighLevel and Stripe."),
};

export const expectedVersion = z
  .int()
  .min(1)
  .describe("The version that the edit began with; another one of now is an EDIT_CONFLICT.");

const draft = z.object(draftFields);

/** The draft that the fields say; what else stands beside them is not looked at. */
export function draftOf(input: z.output<typeof draft>): ProductDraft {
  const { name, type, sold_as } = input;
  const said = Object.keys(terms).flatMap((field) => {
    const value = input[field as keyof typeof terms];
    return value === null || value === undefined ? [] : [[field, value] as const];
  });
  return { name, type, sold_as, terms: Object.fromEntries(said) };
}
