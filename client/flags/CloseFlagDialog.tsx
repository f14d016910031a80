import { useRef, useState } from 'react';
import type { Flag } from '#contract/flags.ts';
import { Button } from '../design/Button.tsx';
import { Choices, Field, FieldGroup, Line } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useStepOnAll } from './use-step-on-all.ts';

const OUTCOMES = ['resolved', 'dismissed'] as const;
/** The contract asks for a reason of at least this many characters. */
const MIN_REASON = 3;

/** Closes flags, with the reason that the audit will show. */
export function CloseFlagDialog({ flags, onClose }: { flags: readonly [Flag, ...Flag[]]; onClose(): void }) {
  const { t } = useTexts();
  const { flags: actions } = useDesk();
  const { pending, failure, stepOn } = useStepOnAll(flags, onClose);
  const [to, setTo] = useState<(typeof OUTCOMES)[number]>('resolved');
  const [reason, setReason] = useState('');
  const input = useRef<HTMLTextAreaElement>(null);
  const [first] = flags;
  const isReasoned = reason.trim().length >= MIN_REASON;
  return (
    <FormDialog
      onClose={onClose}
      title={flags.length > 1 ? t('resolve.titleMany', { count: flags.length }) : t('resolve.title')}
      subtitle={t(`categories.${first.category}`)}
      cancel={t('resolve.cancel')}
      submit={pending ? t('resolve.pending') : t('resolve.submit')}
      disabled={pending || !isReasoned}
      onSubmit={() => stepOn(to, (flag) => actions.close(flag, to, reason.trim()))}
      failure={failure && `${t('resolve.failed')}. ${t(`errors.${failure}`)}`}
      note={isReasoned ? undefined : t('resolve.reasonShort')}
      initialFocus={input}
    >
      <FieldGroup label={t('resolve.outcome')}>
        <Choices name="outcome" options={OUTCOMES} chosen={to} onChoose={setTo}>
          {(one) => t(`resolve.${one}`)}
        </Choices>
      </FieldGroup>
      <Templates to={to} onChoose={setReason} />
      <Field label={t('resolve.reason')}>
        <textarea
          ref={input}
          rows={3}
          maxLength={500}
          required
          value={reason}
          placeholder={t('resolve.reasonPlaceholder')}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}

const READY = {
  resolved: ['seen', 'medical', 'moved', 'camera', 'recorded'],
  dismissed: ['nothing', 'twice', 'works'],
} as const;

/** Reasons that come up often: a start that can be added to. */
function Templates({ to, onChoose }: { to: (typeof OUTCOMES)[number]; onChoose(reason: string): void }) {
  const { t } = useTexts();
  const ready =
    to === 'resolved'
      ? READY.resolved.map((name) => t(`resolve.ready.resolved.${name}`))
      : READY.dismissed.map((name) => t(`resolve.ready.dismissed.${name}`));
  return (
    <FieldGroup label={t('resolve.templates')}>
      <Line>
        {ready.map((text) => (
          <Button key={text} onClick={() => onChoose(text)}>
            {text}
          </Button>
        ))}
      </Line>
    </FieldGroup>
  );
}
