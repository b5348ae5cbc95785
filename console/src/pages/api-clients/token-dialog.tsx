import { Alert, Button, CopyButton, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useProducts } from "../../api/use-products.ts";
import { apiClientsTexts } from "../../texts/api-clients.ts";
import { Dialog } from "../../ui/dialog.tsx";
import type { NewToken, Scope } from "./client-row.ts";
import { curlOf, TRIED_SCOPES } from "./curl.ts";
import classes from "./api-clients.module.css";

const { token: texts, scopes: scopeTexts } = apiClientsTexts;

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
        <TryIt token={token} scopes={scopes} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.done}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function TryIt({ token, scopes }: { token: string; scopes: readonly Scope[] }) {
  const triable = TRIED_SCOPES.filter((scope) => scopes.includes(scope));
  const [chosen, setChosen] = useState<Scope | undefined>(triable[0]);
  const [product] = useProducts();
  if (chosen === undefined) return null;
  const curl = curlOf(chosen, { token, product_config_id: product?.id ?? null, base: window.location.origin });
  return (
    <div>
      <Text size="sm" fw={500}>
        {texts.try_it}
      </Text>
      <Text size="xs" c="dimmed" mb={8}>
        {curl === null ? texts.no_product : texts.try_about}
      </Text>
      <Stack gap={8}>
        {triable.length > 1 && (
          <SegmentedControl
            size="xs"
            w="fit-content"
            aria-label={texts.which}
            data={triable.map((scope) => ({ value: scope, label: scopeTexts[scope].title }))}
            value={chosen}
            onChange={(value) => setChosen(value)}
          />
        )}
        {curl !== null && (
          <div className={classes.curl}>
            <pre tabIndex={0} aria-label={texts.try_it}>
              {curl}
            </pre>
            <CopyButton value={curl} timeout={3000}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  onClick={copy}
                  leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                >
                  {copied ? texts.copied : texts.copy_curl}
                </Button>
              )}
            </CopyButton>
          </div>
        )}
      </Stack>
    </div>
  );
}
