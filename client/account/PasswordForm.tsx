import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../design/Button.tsx';
import { Field } from '../design/Field.tsx';
import type { FailureCode } from '../session/failure.ts';
import { useSession } from '../session/session-context.ts';
import styles from './Account.module.css';

/** Changes one's own password. */
export function PasswordForm({ onDone }: { onDone?(): void }) {
  const { t } = useTranslation();
  const { api } = useSession();
  const [outcome, setOutcome] = useState<'done' | 'differ' | FailureCode>();
  const [pending, setPending] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = new FormData(form);
    const [current, next, again] = ['current', 'next', 'again'].map((name) => String(typed.get(name) ?? ''));
    if (next !== again) return setOutcome('differ');
    setPending(true);
    const answer = await api.call('/api/v1/account/password', { body: { current, next }, reply: undefined });
    setPending(false);
    setOutcome(answer.ok ? 'done' : answer.code);
    if (!answer.ok) return;
    form.reset();
    onDone?.();
  }

  const failed = outcome !== undefined && outcome !== 'done';
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <h2 className={styles.heading}>{t('account.password.title')}</h2>
      {(['current', 'next', 'again'] as const).map((name) => (
        <Field key={name} label={t(`account.password.${name}`)}>
          <input
            name={name}
            type="password"
            autoComplete={name === 'current' ? 'current-password' : 'new-password'}
            required
            maxLength={256}
          />
        </Field>
      ))}
      <p className={styles.hint}>{t('account.password.rule')}</p>
      <p role={failed ? 'alert' : 'status'} className={failed ? styles.failure : styles.hint}>
        {outcome === undefined
          ? null
          : outcome === 'done' || outcome === 'differ'
            ? t(`account.password.${outcome}`)
            : t(`errors.${outcome}`)}
      </p>
      <Button type="submit" look="primary" disabled={pending}>
        {t('account.password.submit')}
      </Button>
    </form>
  );
}
