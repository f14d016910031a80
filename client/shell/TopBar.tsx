import { Command } from 'lucide-react';
import { PathSign } from '../alerts/PathSign.tsx';
import { UnreviewedCount } from '../audit/UnreviewedCount.tsx';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { FilterBar } from '../wall/FilterBar.tsx';
import { WallControls } from '../wall/WallControls.tsx';
import { DataAge } from './DataAge.tsx';
import { PageSign } from './PageSign.tsx';
import { FILTERED } from './pages.tsx';
import { SampleMark } from './SampleMark.tsx';
import { Sections } from './Sections.tsx';
import styles from './TopBar.module.css';
import { UnseenCount } from './UnseenCount.tsx';
import { UserMenu } from './UserMenu.tsx';

/** One line: where one is, what is shown, how old it is, who one is. */
export function TopBar({ path, onPalette }: { path: string; onPalette(): void }) {
  const { t } = useTexts();
  const { who } = useDesk();
  const sees = mayDo(who, 'status.read');
  return (
    <div className={styles.frame}>
      <header className={styles.bar}>
        <Sections path={path} />
        <div className={styles.filter}>{sees && FILTERED.has(path) ? <FilterBar /> : null}</div>
        {sees && path === '/' ? (
          <div className={styles.controls}>
            <WallControls />
          </div>
        ) : null}
        <div className={styles.marks}>
          <PageSign />
          {mayDo(who, 'watching.review') ? <UnreviewedCount /> : null}
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
          <Button
            look="quiet"
            iconOnly
            aria-label={t('palette.open')}
            title={t('palette.open')}
            onClick={onPalette}
          >
            <Command size="1.125rem" aria-hidden="true" />
          </Button>
          <UserMenu />
        </div>
      </header>
    </div>
  );
}
