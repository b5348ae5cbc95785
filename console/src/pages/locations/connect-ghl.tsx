import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { asApiError, type ApiError } from "../../api/api-error.ts";
import { useWorkspaceChange } from "../../api/workspace-api.ts";
import { locationsTexts } from "../../texts/locations.ts";
import { uiTexts } from "../../texts/ui.ts";
import { Failure } from "../../ui/server-form.tsx";
import { AddedCost } from "../billing/added-cost.tsx";

const { ghl: texts } = locationsTexts.create;

/** Leads to GoHighLevel, which leads back here. */
export function ConnectGhl({ onBack }: { onBack: () => void }) {
  const { go, is_going, failure } = useConnectGhl();
  return (
    <Stack gap="md">
      <Failure error={failure} />
      <Text size="sm">{texts.explained}</Text>
      <div>
        <AddedCost further={1} />
      </div>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onBack}>
          {uiTexts.back}
        </Button>
        <Button loading={is_going} onClick={() => void go()}>
          {texts.go}
        </Button>
      </Group>
    </Stack>
  );
}

/** The address is good for ten minutes and for this browser, so it is asked for when it is gone to. */
export function useConnectGhl() {
  const link = useWorkspaceChange("/ghl/connect-link");
  const [is_going, setGoing] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const go = async () => {
    setGoing(true);
    setFailure(null);
    try {
      const { url } = await link.mutateAsync({});
      window.location.assign(url);
    } catch (error) {
      setFailure(asApiError(error));
      setGoing(false);
    }
  };
  return { go, is_going, failure };
}
