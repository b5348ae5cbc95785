import { createSpotlight } from "@mantine/spotlight";

/** Which of the command palette's lines is chosen, and what opens it. */
export const [paletteStore, commandPalette] = createSpotlight();

/** Enter is for the first line again: others came above the one that was chosen. */
export function chooseFirst(): void {
  const list = document.getElementById(paletteStore.getState().listId);
  list?.querySelector("[data-selected]")?.removeAttribute("data-selected");
  list?.querySelector("[data-action]")?.setAttribute("data-selected", "true");
  paletteStore.updateState((state) => ({ ...state, selected: 0 }));
}
