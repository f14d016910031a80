import { useRef, useState } from 'react';
import { Evidence } from '#contract/evidence.ts';
import type { Flag } from '#contract/flags.ts';
import { Choices, Field, FieldGroup } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';

interface TakeDialogProps {
  flag: Flag;
  feeds: readonly string[];
  onClose(): void;
  onTaken(): void;
}

/** Asks for a clip now, with the reason that stays on record. */
export function TakeDialog({ flag, feeds, onClose, onTaken }: TakeDialogProps) {
  const { t } = useTexts();
  const { api } = useDesk();
  // Sent again after a failure, it is the same clip.
  const [id] = useState(() => crypto.randomUUID());
  const [feedId, setFeedId] = useState(feeds[0] ?? '');
  const { pending, failure, send } = useSending();
  const reason = useRef<HTMLTextAreaElement>(null);

  const take = () => {
    const body = { id, feedId, reason: reason.current?.value.trim() ?? '' };
    return send(
      () => api.call(`/api/v1/flags/${flag.id}/evidence`, { body, reply: Evidence }),
      () => {
        onTaken();
        onClose();
      },
    );
  };

  return (
    <FormDialog
      onClose={onClose}
      title={t('evidence.takeTitle')}
      subtitle={t('evidence.takeHint')}
      cancel={t('evidence.close')}
      submit={t('evidence.submit')}
      disabled={pending}
      onSubmit={() => void take()}
      failure={failure && t(`errors.${failure}`)}
      initialFocus={reason}
    >
      {feeds.length > 1 ? (
        <FieldGroup label={t('evidence.feed')}>
          <Choices name="feed" options={feeds} chosen={feedId} onChoose={setFeedId}>
            {(feed) => t('evidence.camera', { number: feeds.indexOf(feed) + 1 })}
          </Choices>
        </FieldGroup>
      ) : null}
      <Field label={t('evidence.reason')} hint={t('evidence.reasonShort')}>
        <textarea ref={reason} rows={3} required minLength={3} maxLength={500} />
      </Field>
    </FormDialog>
  );
}
