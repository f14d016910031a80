import { useRef, useState } from 'react';
import { type GateBody, GateReply } from '#contract/gate.ts';
import { GATE_DEFAULT_MINUTES, GATE_MAX_MINUTES } from '../../config/gate/gate.ts';
import { Button } from '../design/Button.tsx';
import { Choices, Field, FieldGroup, Line } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';
import type { TileData } from '../wall/tile-data.ts';
import { gateWords } from './gate-words.ts';

const CHOICES: readonly number[] = [15, GATE_DEFAULT_MINUTES, 45, GATE_MAX_MINUTES];
const READY = ['lawyer', 'medical', 'search', 'hygiene'] as const;
/** The contract asks for a reason of at least this many characters. */
const MIN_REASON = 3;

interface GateDialogProps {
  data: Pick<TileData, 'area' | 'facility' | 'status'>;
  onClose(): void;
}

/** Closes an area to everybody for a time, gives that more time, or ends it; what comes of it arrives with the live data. */
export function GateDialog({ data: { area, facility, status }, onClose }: GateDialogProps) {
  const texts = useTexts();
  const { t, language } = texts;
  const { api } = useDesk();
  const [minutes, setMinutes] = useState(GATE_DEFAULT_MINUTES);
  const [reason, setReason] = useState('');
  const { pending, failure, send } = useSending();
  const input = useRef<HTMLTextAreaElement>(null);
  const gate = status?.gate;
  const isReasoned = reason.trim().length >= MIN_REASON;

  const set = (body: GateBody) =>
    send(() => api.call(`/api/v1/areas/${area.id}/gate`, { body, reply: GateReply }), onClose);
  const submit = () => {
    if (isReasoned) void set({ act: gate ? 'extend' : 'open', minutes, reason: reason.trim() });
  };

  return (
    <FormDialog
      onClose={onClose}
      title={t(gate ? 'gate.titleStanding' : 'gate.title')}
      subtitle={[area.name[language], facility?.shortName[language]].filter(Boolean).join(' · ')}
      cancel={t('gate.cancel')}
      submit={pending ? t('gate.pending') : t(gate ? 'gate.extend' : 'gate.open')}
      disabled={pending || !isReasoned}
      onSubmit={submit}
      instead={gate && { label: t('gate.end'), act: () => void set({ act: 'close' }), disabled: pending }}
      failure={failure && `${t('gate.failed')}. ${t(`errors.${failure}`)}`}
      note={isReasoned ? undefined : t('gate.reasonShort')}
      initialFocus={input}
    >
      <p>{gate ? gateWords(gate, texts) : t('gate.explain')}</p>
      <FieldGroup label={t(gate ? 'gate.more' : 'gate.minutes')}>
        <Choices name="minutes" options={CHOICES} chosen={minutes} onChoose={setMinutes}>
          {(one) => t('gate.duration', { minutes: one })}
        </Choices>
      </FieldGroup>
      <FieldGroup label={t('gate.readyReasons')}>
        <Line>
          {READY.map((name) => (
            <Button key={name} onClick={() => setReason(t(`gate.ready.${name}`))}>
              {t(`gate.ready.${name}`)}
            </Button>
          ))}
        </Line>
      </FieldGroup>
      <Field label={t('gate.reason')}>
        <textarea
          ref={input}
          rows={2}
          maxLength={500}
          value={reason}
          placeholder={t('gate.reasonPlaceholder')}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            submit();
          }}
        />
      </Field>
    </FormDialog>
  );
}
