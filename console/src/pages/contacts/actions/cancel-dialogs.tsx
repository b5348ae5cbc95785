import { Checkbox, Radio, Stack } from "@mantine/core";
import { useChange } from "../../../api/location-api.ts";
import { cancelTexts, resumeTexts } from "../../../texts/contact-actions.ts";
import { ChangeDialog } from "../../../ui/change-dialog.tsx";
import { formatInstant } from "../../../ui/format.ts";
import { useTimezone } from "../../../ui/when.tsx";
import type { MembershipActionProps } from "./contact-action.ts";

const INITIAL: { mode: "at_period_end" | "now"; keep_credits: boolean } = {
  mode: "at_period_end",
  keep_credits: false,
};

/** Ends a membership with what is paid, or at once. */
export function CancelDialog({ contact_id, membership, names, onClose }: MembershipActionProps) {
  const cancel = useChange("/memberships/{membership_id}/cancel");
  const timezone = useTimezone();
  return (
    <ChangeDialog
      title={cancelTexts.title(membership.name)}
      confirm={cancelTexts.confirm}
      is_dangerous
      dismiss={cancelTexts.back}
      reason="optional"
      initial={INITIAL}
      ask={({ mode, keep_credits }, asked) =>
        cancel.mutateAsync({
          path: { membership_id: membership.id },
          body: { ...asked, external_contact_id: contact_id, mode, keep_credits: mode === "now" && keep_credits },
        })
      }
      describe={({ membership: { status, ends_at } }) =>
        status === "ended" || ends_at === null
          ? cancelTexts.result_over
          : cancelTexts.result_ends(formatInstant(ends_at, "day", timezone))
      }
      names={names}
      done={() => cancelTexts.done}
      onClose={onClose}
    >
      {(form) => (
        <>
          <Radio.Group label={cancelTexts.mode} {...form.getInputProps("mode")}>
            <Stack gap="xs" mt={6}>
              <Radio
                value="at_period_end"
                label={cancelTexts.at_period_end}
                description={cancelTexts.at_period_end_about}
                data-autofocus
              />
              <Radio value="now" label={cancelTexts.now} description={cancelTexts.now_about} />
            </Stack>
          </Radio.Group>
          {form.getValues().mode === "now" && (
            <Checkbox label={cancelTexts.keep} {...form.getInputProps("keep_credits", { type: "checkbox" })} />
          )}
        </>
      )}
    </ChangeDialog>
  );
}

/** Undoes an end that has not come yet. */
export function ResumeDialog({ contact_id, membership, names, onClose }: MembershipActionProps) {
  const resume = useChange("/memberships/{membership_id}/resume");
  const timezone = useTimezone();
  return (
    <ChangeDialog
      title={resumeTexts.title(membership.name)}
      about={resumeTexts.about}
      confirm={resumeTexts.confirm}
      reason="none"
      initial={{}}
      ask={(_, asked) =>
        resume.mutateAsync({
          path: { membership_id: membership.id },
          body: { ...asked, external_contact_id: contact_id },
        })
      }
      describe={({ membership: { next_boundary_at } }) =>
        next_boundary_at !== null && resumeTexts.result(formatInstant(next_boundary_at, "day", timezone))
      }
      names={names}
      done={() => resumeTexts.done}
      onClose={onClose}
    />
  );
}
