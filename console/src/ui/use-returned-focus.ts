import { useEffect, useState } from "react";

/** Once what is mounted now is gone, focus is back where it was: mounted open, Mantine's own dialogs do not know where that is. */
export function useReturnedFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    },
    [before],
  );
}
