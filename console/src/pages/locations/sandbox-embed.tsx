import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { asApiError, type ApiError } from "../../api/api-error.ts";
import { useChange } from "../../api/location-api.ts";
import { locationTexts } from "../../texts/locations.ts";
import { Section } from "../../ui/page.tsx";
import { Failure } from "../../ui/server-form.tsx";

const { embed: texts } = locationTexts;

/** What staff see inside GoHighLevel, without one. */
export function SandboxEmbed() {
  const launch = useChange("/embed-launch");
  const [failure, setFailure] = useState<ApiError | null>(null);
  const open = async () => {
    setFailure(null);
    // A browser lets a page open another only while the click lasts.
    const tab = window.open("about:blank", "_blank");
    try {
      const { path } = await launch.mutateAsync({});
      if (tab) tab.location.replace(path);
      else window.location.assign(path);
    } catch (error) {
      tab?.close();
      setFailure(asApiError(error));
    }
  };
  return (
    <Section title={texts.title}>
      <Text size="sm" c="dimmed">
        {texts.about}
      </Text>
      <Failure error={failure} />
      <div>
        <Button variant="default" loading={launch.isPending} onClick={() => void open()}>
          {texts.open}
        </Button>
      </div>
    </Section>
  );
}
