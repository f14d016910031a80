import { type KeyboardEvent, useRef, useState } from 'react';
import { type ReadyReason, reasonsFor } from '../../config/flags/ready-words.ts';
import { Button } from '../design/Button.tsx';
import { Choices, FieldGroup, Line } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import styles from './CloseFlagDialog.module.css';
import { isReason, ReasonField } from './ReasonField.tsx';
import { type FlagsDialogProps, useStepOnAll } from './use-step-on-all.ts';

const OUTCOMES = ['resolved', 'dismissed'] as const;

/** Closes flags, with the reason that the audit will show. */
export function CloseFlagDialog({ flags, onClose, onOutcome }: FlagsDialogProps) {
  const { t, language } = useTexts();
  const { flags: actions } = useDesk();
  const { pending, failure, stepOn } = useStepOnAll(flags, { onDone: onClose, onOutcome });
  const [to, setTo] = useState<(typeof OUTCOMES)[number]>('resolved');
  const [reason, setReason] = useState('');
  const input = useRef<HTMLTextAreaElement>(null);
  const outcome = useRef<HTMLInputElement>(null);
  const [first] = flags;
  const reasons = reasonsFor(
    to,
    flags.map(({ category }) => category),
  );
  const choose = (text: string) => {
    setReason(text);
    input.current?.focus();
  };
  // While a reason is written, a digit is a digit of it.
  const handleKey = (event: KeyboardEvent) => {
    const ready = reasons[Number(event.key) - 1];
    if (!ready || event.target === input.current) return;
    event.preventDefault();
    choose(ready.text[language]);
  };
  const isReasoned = isReason(reason);
  return (
    <FormDialog
      onClose={onClose}
      title={flags.length > 1 ? t('resolve.titleMany', { count: flags.length }) : t('resolve.title')}
      subtitle={t(`categories.${first.category}`)}
      cancel={t('resolve.cancel')}
      submit={pending ? t('resolve.pending') : t('resolve.submit')}
      disabled={pending || !isReasoned}
      onSubmit={() => stepOn(to, (flag) => actions.close(flag, to, reason.trim()))}
      failure={failure && `${t('resolve.failed')}. ${failure}`}
      note={isReasoned ? undefined : t('resolve.reasonShort')}
      keys={t('resolve.keys', { count: reasons.length })}
      initialFocus={outcome}
      onKeyDown={handleKey}
    >
      <FieldGroup label={t('resolve.outcome')}>
        <Choices current={outcome} name="outcome" options={OUTCOMES} chosen={to} onChoose={setTo}>
          {(one) => t(`resolve.${one}`)}
        </Choices>
      </FieldGroup>
      <ReasonField
        label={t('resolve.reason')}
        input={input}
        value={reason}
        placeholder={t('resolve.reasonPlaceholder')}
        onChange={setReason}
      />
      <Templates reasons={reasons} onChoose={choose} />
    </FormDialog>
  );
}

interface TemplatesProps {
  reasons: readonly ReadyReason[];
  onChoose(reason: string): void;
}

/** Reasons that come up often, each with its key: a start that can be added to. */
function Templates({ reasons, onChoose }: TemplatesProps) {
  const { t, language } = useTexts();
  return (
    <FieldGroup label={t('resolve.templates')}>
      <Line>
        {reasons.map(({ id, text }, index) => (
          <Button key={id} data-reason={id} onClick={() => onChoose(text[language])}>
            <kbd className={styles.key}>{index + 1}</kbd>
            {text[language]}
          </Button>
        ))}
      </Line>
    </FieldGroup>
  );
}
