import { Button, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../../api/session.ts";
import { twoFactorTexts } from "../../texts/account.ts";
import { Section } from "../../ui/page.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { BackupCodesDialog, SetUpDialog, TurnOffDialog } from "./two-factor-dialogs.tsx";

const DIALOGS = { set_up: SetUpDialog, codes: BackupCodesDialog, off: TurnOffDialog } as const;

/** Whether signing in takes a second step, and how to have one. */
export function TwoFactor() {
  const { user } = useSession();
  const queries = useQueryClient();
  const [open, setOpen] = useState<keyof typeof DIALOGS | null>(null);
  const Opened = open && DIALOGS[open];
  const close = () => {
    setOpen(null);
    void queries.invalidateQueries({ queryKey: [""] });
  };
  const { title, on, off, set_up, turn_off, new_codes } = twoFactorTexts;
  return (
    <Section title={title}>
      <Text size="sm" c="dimmed">
        {user.two_factor ? on : off}
      </Text>
      {user.two_factor ? (
        <Group gap="xs">
          <Badge tone="good">{twoFactorTexts.is_on}</Badge>
          <Button variant="default" onClick={() => setOpen("codes")}>
            {new_codes}
          </Button>
          <Button variant="default" onClick={() => setOpen("off")}>
            {turn_off}
          </Button>
        </Group>
      ) : (
        <Group>
          <Button variant="default" onClick={() => setOpen("set_up")}>
            {set_up}
          </Button>
        </Group>
      )}
      {Opened && <Opened onClose={close} />}
    </Section>
  );
}
