import { useRef, useState } from 'react';
import { Hold } from '#contract/holds.ts';
import { useConfirmed } from '../account/use-confirmed.tsx';
import { Field } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';

interface HoldDialogProps {
  flagId: string;
  onClose(): void;
  onPlaced(): void;
}

/** Orders that nothing around a flag is erased. */
export function HoldDialog({ flagId, onClose, onPlaced }: HoldDialogProps) {
  const { t } = useTexts();
  const { api } = useDesk();
  // Sent again after a failure, it is the same hold.
  const [id] = useState(() => crypto.randomUUID());
  const { run, dialog } = useConfirmed();
  const { pending, failure, send } = useSending();
  const reference = useRef<HTMLInputElement>(null);
  const reason = useRef<HTMLTextAreaElement>(null);

  const place = () => {
    const body = {
      id,
      target: { kind: 'flag', flagId },
      reference: reference.current?.value.trim() ?? '',
      reason: reason.current?.value.trim() ?? '',
    };
    return send(
      () => run(() => api.call('/api/v1/holds', { body, reply: Hold })),
      () => {
        onPlaced();
        onClose();
      },
    );
  };

  return (
    <FormDialog
      onClose={onClose}
      title={t('evidence.hold')}
      subtitle={t('evidence.holdHint')}
      cancel={t('evidence.close')}
      submit={t('evidence.hold')}
      disabled={pending}
      onSubmit={() => void place()}
      failure={failure && t(`errors.${failure}`)}
      initialFocus={reference}
      beside={dialog}
    >
      <Field label={t('evidence.reference')}>
        <input ref={reference} required maxLength={120} />
      </Field>
      <Field label={t('evidence.holdReason')}>
        <textarea ref={reason} rows={3} required minLength={3} maxLength={500} />
      </Field>
    </FormDialog>
  );
}
