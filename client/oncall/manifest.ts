const ONCALL = '/oncall.webmanifest';

/** What this page is called and looks like once it is put on a phone's home screen. Undone when it is left. */
export function offerOncall(page: Document): () => void {
  const link = page.querySelector<HTMLLinkElement>('link[rel="manifest"]');
  const before = link?.getAttribute('href');
  link?.setAttribute('href', ONCALL);
  return () => {
    if (before && before !== ONCALL) link?.setAttribute('href', before);
  };
}
