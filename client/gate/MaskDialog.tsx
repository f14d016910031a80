import { useRef, useState } from 'react';
import { type MaskBody, MaskReply } from '#contract/mask.ts';
import { MASK_LIFT_DEFAULT_MINUTES, MASK_LIFT_LEVEL, MASK_LIFT_MAX_MINUTES } from '../../config/gate/mask.ts';
import { Choices, Field, FieldGroup } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';
import type { TileData } from '../wall/tile-data.ts';
import { casesOf, isUnmasked } from './mask-words.ts';

const CHOICES: readonly number[] = [5, MASK_LIFT_DEFAULT_MINUTES, 20, MASK_LIFT_MAX_MINUTES];
/** The contract asks for a reason of at least this many characters. */
const MIN_REASON = 3;

interface MaskDialogProps {
  data: Pick<TileData, 'area' | 'facility' | 'status'>;
  onClose(): void;
}

/** Has what is covered of a picture shown for a time, because of somebody at risk, or covers it again. */
export function MaskDialog({ data: { area, facility, status }, onClose }: MaskDialogProps) {
  const { t, language, formats } = useTexts();
  const { api, serverClock } = useDesk();
  const people = casesOf(status);
  const [caseId, setCaseId] = useState(people[0]);
  const [minutes, setMinutes] = useState(MASK_LIFT_DEFAULT_MINUTES);
  const [reason, setReason] = useState('');
  const { pending, failure, send } = useSending();
  const input = useRef<HTMLTextAreaElement>(null);
  const lift = isUnmasked(status, serverClock.nowMs()) ? status?.unmasked : undefined;
  const isAtRisk = (status?.observation ?? 1) >= MASK_LIFT_LEVEL && people.length > 0;
  const mayLift = isAtRisk && reason.trim().length >= MIN_REASON && caseId !== undefined;

  const set = (body: MaskBody) =>
    send(() => api.call(`/api/v1/areas/${area.id}/mask`, { body, reply: MaskReply }), onClose);

  return (
    <FormDialog
      onClose={onClose}
      title={t(lift ? 'gate.mask.titleStanding' : 'gate.mask.title')}
      subtitle={[area.name[language], facility?.shortName[language]].filter(Boolean).join(' · ')}
      cancel={t('gate.cancel')}
      submit={t(pending ? 'gate.pending' : 'gate.mask.submit')}
      disabled={pending || !mayLift}
      onSubmit={() => {
        if (mayLift) void set({ act: 'lift', caseId, minutes, reason: reason.trim() });
      }}
      instead={
        lift && { label: t('gate.mask.restore'), act: () => void set({ act: 'restore' }), disabled: pending }
      }
      failure={failure && `${t('gate.failed')}. ${t(`errors.${failure}`)}`}
      initialFocus={input}
    >
      <p>
        {lift
          ? [
              t('gate.mask.by', { who: lift.by }),
              t('gate.until', { time: formats.time(Date.parse(lift.until)) }),
            ].join(' · ')
          : t(isAtRisk ? 'gate.mask.explain' : 'gate.mask.nobody')}
      </p>
      <FieldGroup label={t('gate.mask.person')} disabled={!isAtRisk}>
        <Choices name="case" options={people} chosen={caseId} onChoose={setCaseId}>
          {(one) => one}
        </Choices>
      </FieldGroup>
      <FieldGroup label={t('gate.mask.minutes')} disabled={!isAtRisk}>
        <Choices name="minutes" options={CHOICES} chosen={minutes} onChoose={setMinutes}>
          {(one) => t('gate.duration', { minutes: one })}
        </Choices>
      </FieldGroup>
      <Field label={t('gate.mask.reason')}>
        <textarea
          ref={input}
          rows={2}
          maxLength={500}
          value={reason}
          placeholder={t('gate.mask.reasonPlaceholder')}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}
