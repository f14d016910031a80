import { BellOff, WifiOff } from 'lucide-react';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './OncallPage.module.css';
import { type Turn, TurnBar } from './TurnBar.tsx';

interface GoneAlertProps {
  reason: FailureCode;
  turn: Turn;
  onRetry(): void;
}

/** Why an alert that a link names cannot be shown, and where to go from here. */
export function GoneAlert({ reason, turn, onRetry }: GoneAlertProps) {
  const { t } = useTexts();
  const kind = reason === 'unknown_flag' ? 'gone' : reason === 'forbidden' ? 'forbidden' : 'failed';
  return (
    <>
      <div className={styles.middle} data-gone={kind}>
        <Notice
          wholePage
          role="alert"
          icon={kind === 'failed' ? WifiOff : BellOff}
          title={t(`oncall.${kind}`)}
          hint={kind === 'failed' ? t(`errors.${reason}`) : t(`oncall.${kind}Hint`)}
        >
          {kind === 'failed' ? (
            <Button look="primary" onClick={onRetry}>
              {t('oncall.retry')}
            </Button>
          ) : null}
        </Notice>
      </div>
      <TurnBar turn={turn} />
    </>
  );
}
