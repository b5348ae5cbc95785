import { Group, Text } from "@mantine/core";
import { productTexts, productsTexts } from "../../texts/products.ts";
import { Credits } from "../../ui/amounts.tsx";
import { Identity } from "../../ui/identity.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import type { ProductRow } from "./product-values.ts";

const { facts: texts } = productTexts;

/** How it stands: what it is called by, and how much of it is with members. */
export function ProductFacts({ config }: { config: ProductRow }) {
  const { id, key, type, active, members, memberships, credits } = config;
  return (
    <Group gap="6px 20px" c="dimmed" fz="sm">
      <Badge tone={active ? "good" : "quiet"}>{active ? productsTexts.sold : productsTexts.inactive}</Badge>
      <span>{productsTexts.kinds[type]}</span>
      <Identity id={id} />
      <span>
        {texts.key} <code>{key}</code>
      </span>
      <Text span inherit>
        {texts.members} <Credits value={members} strong />
      </Text>
      {type === "membership" && (
        <Text span inherit>
          {texts.memberships} <Credits value={memberships} strong />
        </Text>
      )}
      <Text span inherit>
        {texts.credits} <Credits value={credits} strong />
      </Text>
    </Group>
  );
}
