import { Alert, Button, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconKey } from "@tabler/icons-react";
import { apiClientsTexts } from "../../texts/api-clients.ts";
import { Dialog } from "../../ui/dialog.tsx";
import type { NewToken } from "./client-row.ts";
import { TryIt } from "./try-it.tsx";
import classes from "./api-clients.module.css";

const { token: texts } = apiClientsTexts;

/** A token, this once: to copy, and in a request that is ready to be pasted. */
export function TokenDialog({ made, onClose }: { made: NewToken; onClose: () => void }) {
  const { name, token, scopes } = made;
  return (
    <Dialog title={texts.title(name)} onClose={onClose} size="lg" is_shown_once>
      <Stack gap="lg">
        <Alert variant="light" color="yellow" icon={<IconKey size={16} />}>
          {texts.once}
        </Alert>
        <div>
          <Text size="sm" fw={500} mb={4}>
            {texts.label}
          </Text>
          <div className={classes.secret}>
            <code>{token}</code>
            <CopyButton value={token} timeout={3000}>
              {({ copied, copy }) => (
                <Button
                  onClick={copy}
                  leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
                  data-autofocus
                >
                  {copied ? texts.copied : texts.copy}
                </Button>
              )}
            </CopyButton>
          </div>
        </div>
        <div>
          <Text size="sm" fw={500}>
            {texts.try_it}
          </Text>
          <TryIt token={token} scopes={scopes} about={texts.try_about} />
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.done}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
