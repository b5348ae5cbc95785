import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { productTexts as texts } from "../../texts/products.ts";
import { Section } from "../../ui/page.tsx";
import { ruleDetails, ruleSentence, type RuleNames, type Ruled } from "./product-rule.ts";
import classes from "./products.module.css";

/** The rule in words, as it stands in the fields; below it, what one member would live through. */
export function RuleAside({ ruled, names, children }: { ruled: Ruled; names: RuleNames; children: ReactNode }) {
  const details = ruleDetails(ruled, names);
  return (
    <div className={classes.aside}>
      <section aria-label={texts.rule} aria-live="polite">
        <Text className={classes.sentence}>{ruleSentence(ruled, names)}</Text>
        {details.length > 0 && (
          <ul className={classes.details}>
            {details.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
      </section>
      <Section title={texts.preview}>{children}</Section>
    </div>
  );
}
