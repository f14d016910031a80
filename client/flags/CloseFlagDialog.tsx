import { useRef, useState } from 'react';
import { FLAG_TRANSITIONS, type Flag } from '#contract/flags.ts';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './RaiseFlagDialog.module.css';

const OUTCOMES = ['resolved', 'dismissed'] as const;
/** The contract asks for a reason of at least this many characters. */
const MIN_REASON = 3;

/** Closes flags, with the reason that the audit will show. */
export function CloseFlagDialog({ flags, onClose }: { flags: readonly [Flag, ...Flag[]]; onClose(): void }) {
  const { t } = useTexts();
  const { flags: actions } = useDesk();
  const [to, setTo] = useState<(typeof OUTCOMES)[number]>('resolved');
  const [reason, setReason] = useState('');
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<FailureCode>();
  const input = useRef<HTMLTextAreaElement>(null);
  const [first] = flags;
  const isReasoned = reason.trim().length >= MIN_REASON;

  async function send() {
    if (pending || !isReasoned) return;
    setPending(true);
    setFailure(undefined);
    for (const flag of flags) {
      if (!FLAG_TRANSITIONS[flag.state].includes(to)) continue;
      const outcome = await actions.close(flag, to, reason.trim());
      if (!outcome.ok) {
        setPending(false);
        setFailure(outcome.code);
        return;
      }
    }
    onClose();
  }

  return (
    <Modal
      open
      onClose={onClose}
      title={flags.length > 1 ? t('resolve.titleMany', { count: flags.length }) : t('resolve.title')}
      subtitle={t(`categories.${first.category}`)}
      closeLabel={t('resolve.cancel')}
      initialFocus={input}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <fieldset className={styles.group}>
          <legend className={styles.legend}>{t('resolve.outcome')}</legend>
          <div className={styles.categories}>
            {OUTCOMES.map((one) => (
              <label key={one} className={styles.category} data-chosen={one === to || undefined}>
                <input
                  type="radio"
                  name="outcome"
                  value={one}
                  checked={one === to}
                  onChange={() => setTo(one)}
                />
                {t(`resolve.${one}`)}
              </label>
            ))}
          </div>
        </fieldset>
        <Templates to={to} onChoose={setReason} />
        <label className={styles.group}>
          <span className={styles.legend}>{t('resolve.reason')}</span>
          <textarea
            ref={input}
            className={styles.note}
            rows={3}
            maxLength={500}
            required
            value={reason}
            placeholder={t('resolve.reasonPlaceholder')}
            onChange={(event) => setReason(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
            }}
          />
        </label>
        {failure ? (
          <p className={styles.failure} role="alert">
            {t('resolve.failed')}. {t(`errors.${failure}`)}
          </p>
        ) : null}
        <footer className={styles.footer}>
          <span className={styles.keys}>{isReasoned ? '' : t('resolve.reasonShort')}</span>
          <Button onClick={onClose}>{t('resolve.cancel')}</Button>
          <Button type="submit" look="primary" disabled={pending || !isReasoned}>
            {pending ? t('resolve.pending') : t('resolve.submit')}
          </Button>
        </footer>
      </form>
    </Modal>
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
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t('resolve.templates')}</legend>
      <div className={styles.categories}>
        {ready.map((text) => (
          <Button key={text} onClick={() => onChoose(text)}>
            {text}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
