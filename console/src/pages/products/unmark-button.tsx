import { Button } from "@mantine/core";
import { asApiError } from "../../api/api-error.ts";
import { useChange } from "../../api/location-api.ts";
import { productsTexts as texts } from "../../texts/products.ts";
import { toastDone, toastFailed } from "../../ui/toast.ts";

/** Lets purchases of a product wait for a person again; nothing that was recorded changes. */
export function UnmarkButton({ provider, product_id }: { provider: string; product_id: string }) {
  const unmark = useChange("/no-credit-products/{provider}/{product_id}", "delete");
  const run = () =>
    unmark
      .mutateAsync({ path: { provider: provider as "ghl" | "stripe", product_id } })
      .then(() => toastDone(texts.no_credits_removed(product_id)))
      .catch((error: unknown) => toastFailed(asApiError(error).message));
  return (
    <Button variant="subtle" color="gray" loading={unmark.isPending} onClick={() => void run()}>
      {texts.no_credits_remove}
    </Button>
  );
}
