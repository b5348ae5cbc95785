import { productTexts as texts } from "../../texts/products.ts";
import { Page } from "../../ui/page.tsx";
import { ProductFacts } from "./product-facts.tsx";
import { draftOf, termsOf, valuesOf, type Catalog, type ProductRow } from "./product-values.ts";
import { RuleAside } from "./rule-aside.tsx";
import { SimulatedMember } from "./simulated-member.tsx";
import { useGhlNames } from "./use-ghl-names.ts";
import classes from "./products.module.css";

interface ProductViewProps {
  catalog: Catalog;
  config: ProductRow;
  within: { title: string; to: string };
}

/** The same for who may only read: the rule in words, and what a member would see. */
export function ProductView({ catalog, config, within }: ProductViewProps) {
  const ghl = useGhlNames(catalog);
  const values = valuesOf(config);
  const names = {
    calendar: ghl.calendarName,
    family: (key: string) => catalog.families.find((family) => family.key === key)?.name ?? key,
  };
  return (
    <Page title={config.name} within={within} about={texts.viewer} is_narrow>
      <ProductFacts config={config} />
      <div className={classes.stack}>
        <RuleAside ruled={{ type: values.type, terms: termsOf(values) }} names={names}>
          <SimulatedMember draft={draftOf(values)} />
        </RuleAside>
      </div>
    </Page>
  );
}
