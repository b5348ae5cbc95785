import { Title } from "@mantine/core";
import { useId, type ReactNode } from "react";
import classes from "./products.module.css";

/** Fields that belong together, below a hairline. */
export function Fieldset({ title, children }: { title: string; children: ReactNode }) {
  const title_id = useId();
  return (
    <div role="group" aria-labelledby={title_id} className={classes.fieldset}>
      <Title order={2} id={title_id}>
        {title}
      </Title>
      {children}
    </div>
  );
}

/** As many beside each other as there is room for. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={classes.fields}>{children}</div>;
}
