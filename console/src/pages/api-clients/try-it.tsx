import { Button, CopyButton, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useProducts } from "../../api/use-products.ts";
import { apiClientsTexts } from "../../texts/api-clients.ts";
import type { Scope } from "./client-row.ts";
import { curlOf, TRIED_SCOPES } from "./curl.ts";
import classes from "./api-clients.module.css";

const { token: texts, scopes: scopeTexts } = apiClientsTexts;

interface TryItProps {
  token: string;
  scopes: readonly string[];
  about: string;
}

/** First requests of a client, ready to be pasted. */
export function TryIt({ token, scopes, about }: TryItProps) {
  const triable = TRIED_SCOPES.filter((scope) => scopes.includes(scope));
  const [chosen, setChosen] = useState<Scope | undefined>(triable[0]);
  const [product] = useProducts();
  if (chosen === undefined) return null;
  const curl = curlOf(chosen, { token, product_config_id: product?.id ?? null, base: window.location.origin });
  return (
    <div>
      <Text size="xs" c="dimmed" mb={8}>
        {curl === null ? texts.no_product : about}
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
