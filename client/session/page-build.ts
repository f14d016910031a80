/**
 * Name of the build that a page is of: that of its main file, which has a hash of all code in it. One that differs in colours and
 * sizes alone has the same name. Undefined for a page that was not built, as under a development server.
 */
export function buildOf(page: Document): string | undefined {
  const sources = [...page.querySelectorAll('script[type="module"][src]')].map((it) =>
    it.getAttribute('src'),
  );
  const main = sources.find((source) => source?.startsWith('/assets/'));
  return main?.slice('/assets/'.length, 100 + '/assets/'.length);
}
