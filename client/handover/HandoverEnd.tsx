import { useState } from 'react';
import type { Handover } from '#contract/handover.ts';
import { Button } from '../design/Button.tsx';
import { Field } from '../design/Field.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './HandoverPage.module.css';
import type { HandoverState } from './use-handover.ts';

interface EndProps {
  handover: Handover;
  state: HandoverState;
  /** One opened it oneself. */
  isOwn: boolean;
}

/** Finishing it, for who comes; taking it back, for who opened it. */
export function HandoverEnd({ handover, state, isOwn }: EndProps) {
  const { t } = useTexts();
  const isReady = handover.left === 0 && handover.items.every(({ acknowledged }) => acknowledged !== null);
  if (isOwn) return <Withdraw state={state} />;
  return (
    <div className={styles.end}>
      <Button
        look="primary"
        disabled={!isReady || state.pending}
        onClick={() => void state.end({ to: 'closed' })}
      >
        {t('handover.close')}
      </Button>
      {isReady ? null : <p className={styles.hint}>{t('handover.closeHint')}</p>}
    </div>
  );
}

function Withdraw({ state }: { state: HandoverState }) {
  const { t } = useTexts();
  const [reason, setReason] = useState<string>();
  if (reason === undefined)
    return (
      <div className={styles.end}>
        <Button onClick={() => setReason('')}>{t('handover.withdraw')}</Button>
      </div>
    );
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void state.end({ to: 'withdrawn', reason });
      }}
    >
      <Field label={t('handover.withdrawReason')}>
        <input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <div className={styles.end}>
        <Button type="submit" look="primary" disabled={reason.trim().length < 3 || state.pending}>
          {t('handover.withdraw')}
        </Button>
        <Button look="quiet" onClick={() => setReason(undefined)}>
          {t('handover.cancel')}
        </Button>
      </div>
    </form>
  );
}
