import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './TurnBar.module.css';

/** The ways to the alerts beside this one; undefined where there is none. */
export interface Turn {
  previous: (() => void) | undefined;
  next: (() => void) | undefined;
}

interface TurnBarProps {
  turn: Turn;
  failure?: string | undefined;
  /** Beside each other, over the rest. */
  above?: ReactNode;
  /** Between the ways to both sides. */
  children?: ReactNode;
}

/** The lower edge, in reach of a thumb. */
export function TurnBar({ turn, failure, above, children }: TurnBarProps) {
  const { t } = useTexts();
  return (
    <footer className={styles.bar}>
      {failure ? (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      ) : null}
      {above ? <div className={styles.above}>{above}</div> : null}
      <div className={styles.turn}>
        <Button aria-label={t('oncall.previous')} disabled={!turn.previous} onClick={turn.previous}>
          <ChevronLeft size="1.75rem" aria-hidden="true" />
        </Button>
        {children ?? <span />}
        <Button aria-label={t('oncall.next')} disabled={!turn.next} onClick={turn.next}>
          <ChevronRight size="1.75rem" aria-hidden="true" />
        </Button>
      </div>
    </footer>
  );
}
