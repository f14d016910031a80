import { useState } from 'react';
import { Hold, type HoldTarget } from '#contract/holds.ts';
import { useConfirmed } from '../account/use-confirmed.tsx';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './AuditPage.module.css';
import { PlaceFields } from './PlaceFields.tsx';

const KINDS = ['case', 'area', 'flag'] as const;
const EMPTY = {
  kind: 'case' as (typeof KINDS)[number],
  facility: '',
  area: '',
  caseId: '',
  flagId: '',
  from: '',
  to: '',
  reference: '',
  reason: '',
};
type Draft = typeof EMPTY;

interface PlaceHoldDialogProps {
  open: boolean;
  onClose(): void;
  onPlaced(): void;
}

/** A case, an area in a time, or a flag is not to be erased from now on. */
export function PlaceHoldDialog({ open, onClose, onPlaced }: PlaceHoldDialogProps) {
  const { t } = useTexts();
  const { api } = useDesk();
  const { run, dialog } = useConfirmed();
  // Sent again after a failure, it is the same hold.
  const [id, setId] = useState(() => crypto.randomUUID());
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [failure, setFailure] = useState<FailureCode>();
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const field = (name: 'caseId' | 'flagId' | 'from' | 'to' | 'reference' | 'reason') => ({
    className: styles.input,
    value: draft[name],
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });

  async function place() {
    setBusy(true);
    const { reference, reason } = draft;
    const body = { id, target: toTarget(draft), reference: reference.trim(), reason: reason.trim() };
    const answer = await run(() => api.call('/api/v1/holds', { body, reply: Hold }));
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.code);
    if (!answer.ok) return;
    setId(crypto.randomUUID());
    setDraft(EMPTY);
    onPlaced();
    onClose();
  }

  return (
    <Modal
      open={open}
      onClose={onClose}
      title={t('audit.hold.placeTitle')}
      subtitle={t('audit.hold.placeHint')}
      closeLabel={t('audit.close')}
    >
      <form
        className={styles.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          void place();
        }}
      >
        <fieldset className={styles.choice}>
          <legend className={styles.quiet}>{t('audit.hold.what')}</legend>
          {KINDS.map((kind) => (
            <label key={kind} className={styles.check}>
              <input
                type="radio"
                name="hold-kind"
                checked={draft.kind === kind}
                onChange={() => change({ kind })}
              />
              {t(`audit.hold.kinds.${kind}`)}
            </label>
          ))}
        </fieldset>
        {draft.kind === 'flag' ? (
          <label className={styles.field}>
            {t('audit.hold.flagId')}
            <input required maxLength={36} {...field('flagId')} />
          </label>
        ) : (
          <PlaceFields
            facility={draft.facility}
            area={draft.kind === 'area' ? draft.area : undefined}
            required
            onChange={change}
          />
        )}
        {draft.kind === 'case' ? (
          <label className={styles.field}>
            {t('audit.case')}
            <input required maxLength={64} {...field('caseId')} />
          </label>
        ) : null}
        {draft.kind === 'area' ? (
          <>
            <label className={styles.field}>
              {t('audit.from')}
              <input type="datetime-local" required {...field('from')} />
            </label>
            <label className={styles.field}>
              {t('audit.hold.until')}
              <input type="datetime-local" {...field('to')} />
            </label>
          </>
        ) : null}
        <label className={styles.field}>
          {t('audit.hold.reference')}
          <input required maxLength={120} {...field('reference')} />
        </label>
        <label className={styles.field}>
          {t('audit.hold.reason')}
          <textarea rows={3} required minLength={3} maxLength={500} {...field('reason')} />
        </label>
        {failure ? (
          <p className={styles.failure} role="alert">
            {t(`errors.${failure}`)}
          </p>
        ) : null}
        <span className={styles.actions}>
          <Button type="submit" look="primary" disabled={busy}>
            {t('audit.hold.place')}
          </Button>
        </span>
      </form>
      {dialog}
    </Modal>
  );
}

function toTarget({ kind, facility, area, caseId, flagId, from, to }: Draft): HoldTarget {
  if (kind === 'case') return { kind, facilityId: facility, caseId: caseId.trim() };
  if (kind === 'flag') return { kind, flagId: flagId.trim().toLowerCase() };
  return { kind, areaId: area, from: toInstant(from), to: to === '' ? null : toInstant(to) };
}

function toInstant(local: string): string {
  return new Date(local).toISOString();
}
