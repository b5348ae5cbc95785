import type { Shape } from "../../../api/location-api.ts";

/** What every dialog on a contact is opened with. */
export interface ContactActionProps {
  /** The external id: the one that commands name a contact by. */
  contact_id: string;
  /** The live ones. */
  entitlements: readonly Shape<"Entitlement">[];
  /** What entitlements are called, by id. */
  names: ReadonlyMap<string, string>;
  onClose: () => void;
}

/** What every dialog on a membership is opened with. */
export interface MembershipActionProps extends Omit<ContactActionProps, "entitlements"> {
  membership: Shape<"Membership">;
}
