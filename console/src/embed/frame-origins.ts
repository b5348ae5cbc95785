/** Who may frame this page, as the server said it: the very list of its policy. */
export function frameOrigins(): string[] {
  const told = document.querySelector<HTMLMetaElement>('meta[name="frame-origins"]')?.content ?? "";
  return [window.location.origin, ...told.split(" ").filter((origin) => origin !== "")];
}

/** Whether an origin is one of these; `https://*.example.com` is every host below that domain. */
export function isAmong(origins: readonly string[], origin: string): boolean {
  return origins.some((allowed) => {
    const [scheme, domain] = allowed.split("://*");
    if (domain === undefined) return allowed === origin;
    return origin.startsWith(`${scheme}://`) && origin.endsWith(domain);
  });
}
