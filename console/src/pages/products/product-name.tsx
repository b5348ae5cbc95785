import { Group, Text } from "@mantine/core";
import { productsTexts as texts } from "../../texts/products.ts";
import type { ProductRow } from "./product-values.ts";

/** What a product config is called, what kind it is, and that it is no longer sold. */
export function ProductName({ row: { name, type, key, active } }: { row: ProductRow }) {
  return (
    <span>
      <Text span size="sm" fw={500} {...(!active && { c: "dimmed" })}>
        {name}
      </Text>
      <Group gap={6} component="span" wrap="wrap">
        <Text span size="xs" c="dimmed" fw={400}>
          {texts.kinds[type]} · {key}
          {!active && ` · ${texts.inactive}`}
        </Text>
      </Group>
    </span>
  );
}
