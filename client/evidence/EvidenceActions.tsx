import { Download, Lock } from 'lucide-react';
import { useState } from 'react';
import { type Evidence, EvidenceExportReady } from '#contract/evidence.ts';
import { useConfirmed } from '../account/use-confirmed.tsx';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import { mayDo } from '../session/session.ts';
import styles from './Evidence.module.css';
import { HoldDialog } from './HoldDialog.tsx';

/** Taking it away as a package, and ordering that it is not erased: for outside control. */
export function EvidenceActions({ evidence }: { evidence: Extract<Evidence, { state: 'kept' }> }) {
  const { t } = useTexts();
  const { who, api } = useDesk();
  const { run, dialog } = useConfirmed();
  const [failure, setFailure] = useState<FailureCode>();
  const [holding, setHolding] = useState(false);
  const [isHeld, setHeld] = useState(false);
  const mayExport = mayDo(who, 'evidence.export');
  const mayHold = mayDo(who, 'hold.place');

  /** The browser itself takes the file; whether it may is asked before, for it would keep a refusal as the file. */
  async function takeAway() {
    const path = `/api/v1/evidence/${evidence.id}/export`;
    const answer = await run(() => api.call(`${path}/ready`, { reply: EvidenceExportReady }));
    setFailure(answer.ok ? undefined : answer.code);
    if (!answer.ok) return;
    const link = document.createElement('a');
    link.href = path;
    link.download = '';
    link.click();
  }

  if (!mayExport && !mayHold) return null;
  return (
    <>
      <div className={styles.actions}>
        {mayExport ? (
          <Button onClick={() => void takeAway()} title={t('evidence.exportHint')}>
            <Download size="0.9375rem" aria-hidden="true" />
            {t('evidence.export')}
          </Button>
        ) : null}
        {mayHold ? (
          <Button onClick={() => setHolding(true)}>
            <Lock size="0.9375rem" aria-hidden="true" />
            {t('evidence.hold')}
          </Button>
        ) : null}
        {isHeld ? <span role="status">{t('evidence.held')}</span> : null}
        {failure ? (
          <span className={styles.failure} role="alert">
            {t(`errors.${failure}`)}
          </span>
        ) : null}
      </div>
      {dialog}
      {holding ? (
        <HoldDialog
          flagId={evidence.flagId}
          onClose={() => setHolding(false)}
          onPlaced={() => setHeld(true)}
        />
      ) : null}
    </>
  );
}
