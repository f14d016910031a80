const CALM_ICON = '/favicon.svg';
const ALERT_ICON = '/favicon-alert.svg';

/** Says in the tab how many alerts wait for an answer: number before the name, and a mark on the icon. */
export function showTabCount(page: Document, name: string, count: number): void {
  page.title = count > 0 ? `(${count}) ${name}` : name;
  const icon = page.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = count > 0 ? ALERT_ICON : CALM_ICON;
  if (icon && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
}
