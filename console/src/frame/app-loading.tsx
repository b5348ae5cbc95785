import { Center, Loader } from "@mantine/core";
import { uiTexts } from "../texts/ui.ts";

/** Before anything is known. */
export function AppLoading() {
  return (
    <Center mih="60vh" role="status" aria-label={uiTexts.loading}>
      <Loader size="sm" />
    </Center>
  );
}
