import { useState } from "react";
import { useParams } from "react-router";
import { ApiError } from "../../api/api-error.ts";
import { useRead } from "../../api/location-api.ts";
import { useLocationHere, useMayChange } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { productsTexts, productTexts as texts } from "../../texts/products.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";
import { ErrorState, NoPermission } from "../../ui/states.tsx";
import { ProductEditor } from "./product-editor.tsx";
import { ProductView } from "./product-view.tsx";

/** One product config, to read and to edit; `new`: one that is not there yet. */
export function ProductPage() {
  const { product_id = "new" } = useParams();
  const { location_id } = useLocationHere();
  const may_change = useMayChange();
  const query = useRead("/product-configs", {});
  const [edition, setEdition] = useState(0);
  const within = { title: productsTexts.title, to: paths.products(location_id) };
  return (
    <Loaded query={query} loading={<Page title={texts.new_title} within={within} children={null} />}>
      {(catalog) => {
        const config = catalog.product_configs.find(({ id }) => id === product_id) ?? null;
        if (config === null && product_id !== "new") return <ErrorState error={new ApiError({}, "NOT_FOUND")} />;
        if (may_change) {
          return (
            <ProductEditor
              key={`${product_id} ${edition}`}
              catalog={catalog}
              config={config}
              within={within}
              onReload={() => setEdition(edition + 1)}
            />
          );
        }
        if (config) return <ProductView catalog={catalog} config={config} within={within} />;
        return <Page title={texts.new_title} within={within} children={<NoPermission />} />;
      }}
    </Loaded>
  );
}
