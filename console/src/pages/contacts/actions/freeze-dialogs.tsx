import { Group, TextInput } from "@mantine/core";
import { useChange } from "../../../api/location-api.ts";
import { freezeTexts, unfreezeTexts } from "../../../texts/contact-actions.ts";
import { ChangeDialog } from "../../../ui/change-dialog.tsx";
import { formatDay, formatNumber } from "../../../ui/format.ts";
import type { MembershipActionProps } from "./contact-action.ts";

const daysOf = (days: number) => freezeTexts.days(formatNumber(days));

/** Lets a membership stand still over days to come, or just gone by. */
export function FreezeDialog({ contact_id, membership, names, onClose }: MembershipActionProps) {
  const freeze = useChange("/memberships/{membership_id}/freeze");
  return (
    <ChangeDialog
      title={freezeTexts.title(membership.name)}
      about={freezeTexts.about}
      confirm={freezeTexts.confirm}
      reason="optional"
      initial={{ from_on: "", to_on: "" }}
      ask={({ from_on, to_on }, asked) =>
        freeze.mutateAsync({
          path: { membership_id: membership.id },
          body: {
            ...asked,
            external_contact_id: contact_id,
            ...(from_on !== "" && { from_on }),
            ...(to_on !== "" && { to_on }),
          },
        })
      }
      describe={({ freeze: { from_on, to_on, days }, bookings_inside }) => (
        <>
          {freezeTexts.result(formatDay(from_on), formatDay(to_on), daysOf(days))}{" "}
          {bookings_inside.length > 0 && freezeTexts.inside(formatNumber(bookings_inside.length))}
        </>
      )}
      names={names}
      done={() => freezeTexts.done}
      onClose={onClose}
    >
      {(form) => (
        <Group grow align="flex-start">
          <TextInput
            type="date"
            label={freezeTexts.from}
            description={freezeTexts.from_about}
            inputWrapperOrder={["label", "input", "error", "description"]}
            data-autofocus
            {...form.getInputProps("from_on")}
          />
          <TextInput
            type="date"
            label={freezeTexts.to}
            description={freezeTexts.to_about}
            inputWrapperOrder={["label", "input", "error", "description"]}
            {...form.getInputProps("to_on")}
          />
        </Group>
      )}
    </ChangeDialog>
  );
}

/** Ends a freeze early, or takes back one that is planned. */
export function UnfreezeDialog({ contact_id, membership, names, onClose }: MembershipActionProps) {
  const unfreeze = useChange("/memberships/{membership_id}/unfreeze");
  return (
    <ChangeDialog
      title={unfreezeTexts.title(membership.name)}
      about={unfreezeTexts.about}
      confirm={unfreezeTexts.confirm}
      reason="none"
      initial={{ on: "" }}
      ask={({ on }, asked) =>
        unfreeze.mutateAsync({
          path: { membership_id: membership.id },
          body: { ...asked, external_contact_id: contact_id, ...(on !== "" && { on }) },
        })
      }
      describe={({ freeze: { days } }) => unfreezeTexts.result(daysOf(days))}
      names={names}
      done={() => unfreezeTexts.done}
      onClose={onClose}
    >
      {(form) => (
        <TextInput
          type="date"
          label={unfreezeTexts.on}
          description={unfreezeTexts.on_about}
          data-autofocus
          {...form.getInputProps("on")}
        />
      )}
    </ChangeDialog>
  );
}
