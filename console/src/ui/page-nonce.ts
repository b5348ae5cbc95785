/** The nonce that the server gave this page: style elements that are made as the console runs bear it. */
export function pageNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
}
