import { Button } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import { Link } from "react-router";
import { uiTexts } from "../texts/ui.ts";
import { EmptyState } from "./states.tsx";

interface Words {
  title: string;
  about: string;
}

interface EmptyListProps {
  icon: Icon;
  /** What is said, and by its button, where there is nothing; and where only the filters leave nothing. */
  texts: { none: Words & { action: string }; none_found: Words };
  /** Where that button leads. */
  to: string;
  is_filtered: boolean;
  onClear: () => void;
}

/** In place of a list without lines: what to do next, or the filters to be taken off. */
export function EmptyList({ icon, texts: { none, none_found }, to, is_filtered, onClear }: EmptyListProps) {
  const { title, about } = is_filtered ? none_found : none;
  return (
    <EmptyState
      icon={icon}
      title={title}
      about={about}
      action={
        is_filtered ? (
          <Button variant="default" onClick={onClear} children={uiTexts.clear_filters} />
        ) : (
          <Button variant="default" component={Link} to={to} children={none.action} />
        )
      }
    />
  );
}
