import { CircleAlert, RotateCw, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import type { LiveState } from '../store/live-store.ts';
import { type Fault, Guard } from './Guard.tsx';
import { CodeMissing, useComing } from './late-code.tsx';
import styles from './PageGuard.module.css';

interface PageGuardProps {
  children: ReactNode;
  /** Where one is: who comes back to a page that failed has it tried anew. */
  path: string;
  /** A page that is kept while another one is open says nothing. @default true */
  shown?: boolean;
  /** It is the map beside the wall. @default false */
  beside?: boolean;
}

/** Around one page: whatever happens to it, the wall, its alarms and their sound go on. */
export function PageGuard({ children, path, shown = true, beside = false }: PageGuardProps) {
  return (
    <Guard at={path} failed={(fault) => (shown ? <PageFault {...fault} beside={beside} /> : null)}>
      {children}
    </Guard>
  );
}

/**
 * Why a page is not there: a fault of its own; its code did not come because there is no connection, or because the server has
 * another version by now; or nobody knows why it did not.
 */
type Why = 'error' | 'lost' | 'other' | 'missing';

function whyNot(error: unknown, { link, otherBuild }: LiveState): Why {
  if (!(error instanceof CodeMissing)) return 'error';
  if (link.state === 'lost') return 'lost';
  return otherBuild === undefined ? 'missing' : 'other';
}

const ICONS = { error: CircleAlert, lost: Unplug, other: RotateCw, missing: Unplug };

function PageFault({ error, again, beside }: Fault & { beside: boolean }) {
  const { t } = useTexts();
  const why = useLive((live) => whyNot(error, live));
  // Of another version the server has no such file.
  useComing(why === 'other' ? undefined : error, again);
  return (
    <div className={styles.fault} data-page-fault={why} data-beside={beside || undefined}>
      <Notice
        {...(beside ? {} : { wholePage: true })}
        icon={ICONS[why]}
        title={t(`pageFault.${why}`)}
        hint={t(`pageFault.${why}Hint`)}
        role="alert"
      >
        {why === 'other' ? null : (
          <Button look="primary" onClick={again}>
            {t('pageFault.again')}
          </Button>
        )}
        {/* Without a server, the whole page would be gone. */}
        {why === 'lost' ? null : (
          <Button look={why === 'other' ? 'primary' : 'plain'} onClick={() => location.reload()}>
            {t('page.reload')}
          </Button>
        )}
      </Notice>
    </div>
  );
}
