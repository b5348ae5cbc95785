import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import { useChange, useRead } from "../../api/location-api.ts";
import { resolveTexts } from "../../texts/payments.ts";
import { ChangeDialog } from "../../ui/change-dialog.tsx";
import { useEntitlementNames } from "../contacts/use-entitlement-names.ts";
import { isUnknownPayer, type Payment } from "./payment.ts";

const { assign_contact: texts } = resolveTexts;
const TYPING_MS = 250;
const MOST = 20;

/** Names the contact whose payment it is. */
export function AssignDialog({ payment, onClose }: { payment: Payment; onClose: () => void }) {
  const resolve = useChange("/payments/{payment_id}/resolve");
  const [chosen, setChosen] = useState("");
  const names = useEntitlementNames(chosen === "" ? payment.external_contact_id : chosen);
  return (
    <ChangeDialog
      title={texts.title}
      about={texts.about}
      confirm={texts.confirm}
      initial={{ contact: null as string | null }}
      check={({ contact }) => ({ contact: contact === null && texts.contact_needed })}
      reason="required"
      names={names}
      ask={({ contact }, asked) =>
        resolve.mutateAsync({
          path: { payment_id: payment.id },
          body: { external_contact_id: contact ?? "", action: "assign_contact", ...asked },
        })
      }
      done={() => texts.done}
      onClose={onClose}
    >
      {(form) => {
        const { onChange, ...field } = form.getInputProps("contact") as {
          value: string | null;
          onChange: (value: string | null) => void;
        };
        return (
          <ContactPicker
            {...field}
            onChange={(value) => {
              setChosen(value ?? "");
              onChange(value);
            }}
          />
        );
      }}
    </ChangeDialog>
  );
}

interface ContactPickerProps {
  value: string | null;
  onChange: (value: string | null) => void;
  error?: ReactNode;
}

/** Finds a contact of the location as one types. */
function ContactPicker(props: ContactPickerProps) {
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const { data } = useRead("/contact-search", { query: { search, limit: MOST } }, { keep_previous: true });
  const found = (data?.contacts ?? []).filter(({ external_contact_id }) => !isUnknownPayer(external_contact_id));
  return (
    <Select
      label={texts.contact}
      placeholder={texts.find}
      required
      searchable
      data={found.map(({ external_contact_id: id, name, email }) => ({
        value: id,
        label: [name ?? id, email].filter((word) => word !== null).join(" · "),
      }))}
      filter={({ options }) => options}
      onSearchChange={setTyped}
      {...props}
    />
  );
}
