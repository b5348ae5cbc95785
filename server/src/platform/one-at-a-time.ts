/** The work for a timer that may fire while the last run is still under way: that call then does nothing. */
export function oneAtATime(work: () => Promise<unknown>): () => Promise<void> {
  let is_running = false;
  return async () => {
    if (is_running) return;
    is_running = true;
    try {
      await work();
    } finally {
      is_running = false;
    }
  };
}
