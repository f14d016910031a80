import { useState } from 'react';
import { Hold, type HoldTarget } from '#contract/holds.ts';
import { useConfirmed } from '../account/use-confirmed.tsx';
import { Choices, Field, FieldGroup } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';
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
  const { pending, failure, send } = useSending();
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const field = (name: 'caseId' | 'flagId' | 'from' | 'to' | 'reference' | 'reason') => ({
    value: draft[name],
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });

  const place = () => {
    const { reference, reason } = draft;
    const body = { id, target: toTarget(draft), reference: reference.trim(), reason: reason.trim() };
    return send(
      () => run(() => api.call('/api/v1/holds', { body, reply: Hold })),
      () => {
        setId(crypto.randomUUID());
        setDraft(EMPTY);
        onPlaced();
        onClose();
      },
    );
  };

  return (
    <FormDialog
      open={open}
      onClose={onClose}
      title={t('audit.hold.placeTitle')}
      subtitle={t('audit.hold.placeHint')}
      cancel={t('audit.close')}
      submit={t('audit.hold.place')}
      disabled={pending}
      onSubmit={() => void place()}
      failure={failure && t(`errors.${failure}`)}
      beside={dialog}
    >
      <FieldGroup label={t('audit.hold.what')}>
        <Choices name="hold-kind" options={KINDS} chosen={draft.kind} onChoose={(kind) => change({ kind })}>
          {(kind) => t(`audit.hold.kinds.${kind}`)}
        </Choices>
      </FieldGroup>
      {draft.kind === 'flag' ? (
        <Field label={t('audit.hold.flagId')}>
          <input required maxLength={36} {...field('flagId')} />
        </Field>
      ) : (
        <PlaceFields
          facility={draft.facility}
          area={draft.kind === 'area' ? draft.area : undefined}
          required
          onChange={change}
        />
      )}
      {draft.kind === 'case' ? (
        <Field label={t('audit.case')}>
          <input required maxLength={64} {...field('caseId')} />
        </Field>
      ) : null}
      {draft.kind === 'area' ? (
        <>
          <Field label={t('audit.from')}>
            <input type="datetime-local" required {...field('from')} />
          </Field>
          <Field label={t('audit.hold.until')}>
            <input type="datetime-local" {...field('to')} />
          </Field>
        </>
      ) : null}
      <Field label={t('audit.hold.reference')}>
        <input required maxLength={120} {...field('reference')} />
      </Field>
      <Field label={t('audit.hold.reason')}>
        <textarea rows={3} required minLength={3} maxLength={500} {...field('reason')} />
      </Field>
    </FormDialog>
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
