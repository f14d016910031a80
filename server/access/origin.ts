/** What a request says of the page that it comes from. */
export interface RequestOrigin {
  /** `Sec-Fetch-Site`; browsers set it and pages cannot. */
  fetchSite: string | undefined;
  /** `Origin`; browsers send it with unsafe methods and with every WebSocket. */
  origin: string | undefined;
  /** `Host`, which the browser sets. */
  host: string | undefined;
}

/**
 * Whether a request that rides on a session cookie comes from one of our own pages. What sends neither header is no
 * browser, and has nobody's cookie but its own. `publicOrigin` is the origin of PUBLIC_URL, needed behind a proxy that
 * changes `Host`.
 */
export function isOwnOrigin({ fetchSite, origin, host }: RequestOrigin, publicOrigin: string): boolean {
  if (origin !== undefined && origin === publicOrigin) return true;
  if (fetchSite !== undefined) return fetchSite === 'same-origin' || fetchSite === 'none';
  if (origin === undefined) return true;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
