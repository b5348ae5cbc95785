/** The page to go on to after signing in, from the address: only one of the console's own, never another site. */
export function nextPage(search: string): string {
  const wanted = new URLSearchParams(search).get("next") ?? "/";
  // Browsers read a backslash as a slash, and drop control characters.
  const is_own = /^\/(?![/\\])/.test(wanted) && !/[\\\p{Cc}]/u.test(wanted);
  return is_own ? wanted : "/";
}
