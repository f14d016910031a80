import { Menu } from '@base-ui/react/menu';
import { ChevronDown } from 'lucide-react';
import { Link } from 'wouter';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { SECTIONS } from './pages.tsx';
import styles from './Sections.module.css';

/** Sections that stand in the bar; a bar with more of them has no room for what is asked for. */
const IN_BAR = 4;

/** Where one can go: the first sections side by side, the others behind one button. */
export function Sections({ path }: { path: string }) {
  const { t } = useTexts();
  const { who } = useDesk();
  const sections = SECTIONS.filter(({ action }) => mayDo(who, action));
  // One section alone is no menu.
  const inBar = sections.length <= IN_BAR + 1 ? sections.length : IN_BAR;
  const more = sections.slice(inBar);
  const current = more.find(({ path: href }) => isAt(path, href));
  return (
    <nav className={styles.nav} aria-label={t('nav.label')}>
      {sections.slice(0, inBar).map(({ path: href, name }) => (
        <Link
          key={href}
          href={href}
          className={styles.link}
          aria-current={isAt(path, href) ? 'page' : undefined}
        >
          {t(`nav.${name}`)}
        </Link>
      ))}
      {more.length > 0 ? (
        <Menu.Root>
          <Menu.Trigger className={styles.link} aria-current={current ? 'page' : undefined}>
            {current ? <span className={styles.current}>{t(`nav.${current.name}`)}</span> : null}
            <span className={styles.more} data-current={current?.name}>
              {t('nav.more')}
            </span>
            <ChevronDown size="0.9375rem" aria-hidden="true" />
          </Menu.Trigger>
          <Menu.Portal>
            <Menu.Positioner sideOffset={4} align="start">
              <Menu.Popup className={styles.popup}>
                {more.map(({ path: href, name }) => (
                  <Menu.LinkItem
                    key={href}
                    className={styles.item}
                    closeOnClick
                    render={<Link href={href} aria-current={isAt(path, href) ? 'page' : undefined} />}
                  >
                    {t(`nav.${name}`)}
                  </Menu.LinkItem>
                ))}
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      ) : null}
    </nav>
  );
}

/** What lies below a section belongs to it. */
function isAt(path: string, section: string): boolean {
  return path === section || (section !== '/' && path.startsWith(`${section}/`));
}
