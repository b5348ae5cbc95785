import { Button } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/location-api.ts";
import { productTexts as texts } from "../../texts/products.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import type { ProductRow } from "./product-values.ts";

/** Takes it off sale, or puts it on again. */
export function ProductActions({ config, onDone }: { config: ProductRow; onDone: (version: number) => void }) {
  const [is_asking, setAsking] = useState(false);
  const { id, name, active, members, version: expected_version } = config;
  const deactivate = useChange("/product-configs/{id}/deactivate");
  const reactivate = useChange("/product-configs/{id}/reactivate");
  const input = { path: { id }, body: { expected_version } };
  const run = async () => {
    const { version } = await (active ? deactivate : reactivate).mutateAsync(input);
    onDone(version);
  };
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {active ? texts.deactivate : texts.reactivate}
      </Button>
      {is_asking && (
        <ConfirmDialog
          title={active ? texts.deactivate : texts.reactivate}
          about={active ? texts.deactivate_about(name, members) : texts.reactivate_about(name)}
          confirm={active ? texts.deactivate : texts.reactivate}
          is_dangerous={active}
          run={run}
          done={active ? texts.deactivated(name) : texts.reactivated(name)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
