import { useSyncExternalStore } from "react";

/** Something that is well or lost, known to the whole page. */
export interface TwoStates {
  lost(): void;
  kept(): void;
  useIsLost(): boolean;
}

export function twoStates(): TwoStates {
  let is_lost = false;
  const listeners = new Set<() => void>();
  const change = (to: boolean) => {
    if (is_lost === to) return;
    is_lost = to;
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    lost: () => change(true),
    kept: () => change(false),
    useIsLost: () => useSyncExternalStore(subscribe, () => is_lost),
  };
}
