import { useRef, useState } from 'react';
import type { Flag } from '#contract/flags.ts';
import { READY_CALLED } from '../../config/flags/ready-words.ts';
import { Choices, Field, FieldGroup } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';

const OUTCOMES = ['reached', 'unanswered'] as const;
/** As short as the contract lets them be. */
const MIN_CALLED = 2;
const MIN_SAID = 3;

interface CallDialogProps {
  flag: Flag;
  onClose(): void;
  onNoted?: (() => void) | undefined;
}

/** Puts a call down with a flag: who was called, whether they answered, and what was said. */
export function CallDialog({ flag, onClose, onNoted }: CallDialogProps) {
  const { t, language } = useTexts();
  const { flags } = useDesk();
  const facility = useLive((state) => state.registry?.facilityById[flag.facilityId]);
  const [first] = READY_CALLED;
  // The same through all attempts, so that a repeated one does not put a second call down.
  const [id] = useState(flags.newId);
  const [called, setCalled] = useState(first?.[language] ?? '');
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number]>('reached');
  const [said, setSaid] = useState('');
  const { pending, failure, send } = useSending();
  const input = useRef<HTMLTextAreaElement>(null);
  const reached = outcome === 'reached';
  const isComplete = called.trim().length >= MIN_CALLED && (!reached || said.trim().length >= MIN_SAID);
  const put = () =>
    void send(
      () => flags.noteCall(flag.id, { id, called: called.trim(), reached, said: said.trim() }),
      () => {
        onNoted?.();
        onClose();
      },
    );
  return (
    <FormDialog
      onClose={onClose}
      title={t('call.title')}
      subtitle={facility?.shortName[language]}
      cancel={t('call.cancel')}
      submit={pending ? t('call.pending') : t('call.submit')}
      disabled={pending || !isComplete}
      onSubmit={put}
      failure={failure && `${t('call.failed')}. ${t(`errors.${failure}`)}`}
      note={isComplete ? undefined : t('call.short')}
      initialFocus={input}
    >
      <FieldGroup label={t('call.called')}>
        <Choices
          name="called"
          options={READY_CALLED.map((one) => one[language])}
          chosen={called}
          onChoose={setCalled}
        >
          {(one) => one}
        </Choices>
      </FieldGroup>
      <Field label={t('call.other')}>
        <input value={called} maxLength={120} onChange={(event) => setCalled(event.target.value)} />
      </Field>
      <FieldGroup label={t('call.outcome')}>
        <Choices name="outcome" options={OUTCOMES} chosen={outcome} onChoose={setOutcome} even>
          {(one) => t(`call.outcomes.${one}`)}
        </Choices>
      </FieldGroup>
      <Field label={t('call.said')}>
        <textarea
          ref={input}
          rows={3}
          maxLength={500}
          value={said}
          placeholder={t('call.saidPlaceholder')}
          onChange={(event) => setSaid(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}
