import { Link } from 'wouter';
import { PathSign } from '../alerts/PathSign.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { FilterBar } from '../wall/FilterBar.tsx';
import { WallControls } from '../wall/WallControls.tsx';
import { DataAge } from './DataAge.tsx';
import { SECTIONS } from './pages.tsx';
import { SampleMark } from './SampleMark.tsx';
import styles from './TopBar.module.css';
import { UnseenCount } from './UnseenCount.tsx';
import { UserMenu } from './UserMenu.tsx';

/** One line: where one is, what is shown, how old it is, who one is. */
export function TopBar({ path }: { path: string }) {
  const { t } = useTexts();
  const { who } = useDesk();
  const sees = mayDo(who, 'status.read');
  return (
    <header className={styles.bar}>
      <nav className={styles.nav} aria-label={t('nav.label')}>
        {SECTIONS.filter(({ action }) => mayDo(who, action)).map(({ path: href, name }) => (
          <Link
            key={href}
            href={href}
            className={styles.link}
            aria-current={isAt(path, href) ? 'page' : undefined}
          >
            {t(`nav.${name}`)}
          </Link>
        ))}
      </nav>
      <div className={styles.filter}>{sees ? <FilterBar /> : null}</div>
      {sees && path === '/' ? (
        <div className={styles.controls}>
          <WallControls />
        </div>
      ) : null}
      <div className={styles.marks}>
        {sees ? <UnseenCount /> : null}
        {mayDo(who, 'alert.path') && !mayDo(who, 'flag.read') ? <PathSign /> : null}
        <SampleMark />
      </div>
      {sees ? (
        <div className={styles.age}>
          <DataAge />
        </div>
      ) : null}
      <div className={styles.user}>
        <UserMenu />
      </div>
    </header>
  );
}

/** What lies below a section belongs to it. */
function isAt(path: string, section: string): boolean {
  return path === section || (section !== '/' && path.startsWith(`${section}/`));
}
