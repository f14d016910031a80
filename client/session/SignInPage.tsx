import { Eye, EyeOff, ServerOff, ShieldCheck } from 'lucide-react';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorCode } from '#contract/errors.ts';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { LanguageSwitch } from '../shell/LanguageSwitch.tsx';
import type { FailureCode } from './failure.ts';
import { ProviderWay } from './ProviderWay.tsx';
import styles from './SignInPage.module.css';
import type { SessionState } from './session.ts';
import { useSession } from './session-context.ts';

/** The door: who are you, in two languages; and what is seen while the server has not said whether it knows. */
export function SignInPage({ state }: { state: Exclude<SessionState, { state: 'signed-in' }> }) {
  const { t } = useTranslation();
  return (
    <main className={styles.page}>
      <section className={styles.panel}>
        <header className={styles.brand}>
          <h1 className={styles.name}>{t('product.name')}</h1>
          <p className={styles.tagline}>{t('product.tagline')}</p>
        </header>
        <Body state={state} />
        <footer className={styles.footer}>
          <LanguageSwitch />
          <p className={styles.notice}>
            <ShieldCheck size="1rem" aria-hidden="true" />
            {t('signIn.notice')}
          </p>
        </footer>
      </section>
    </main>
  );
}

function Body({ state }: { state: Exclude<SessionState, { state: 'signed-in' }> }) {
  const { t } = useTranslation();
  switch (state.state) {
    case 'checking':
      return <p className={styles.checking}>{t('signIn.checking')}</p>;
    case 'unreachable':
      return (
        <Notice
          icon={ServerOff}
          title={t('signIn.unreachable')}
          hint={t('signIn.unreachableHint')}
          role="alert"
        />
      );
    case 'signed-out':
      return <SignInForm ended={state.ended} />;
  }
}

function SignInForm({ ended }: { ended: boolean }) {
  const { t } = useTranslation();
  const session = useSession();
  const [pending, setPending] = useState(false);
  const [failed, setFailed] = useState<FailureCode | undefined>(readRefusal);
  const [asksCode, setAsksCode] = useState(false);
  const username = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const code = useRef<HTMLInputElement>(null);
  const errorId = useId();
  useEffect(() => username.current?.focus(), []);
  useEffect(() => {
    if (asksCode) code.current?.focus();
  }, [asksCode]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    const answer = await session.signIn({
      username: String(form.get('username') ?? '').trim(),
      password: String(form.get('password') ?? ''),
      ...toSecondFactor(String(form.get('code') ?? '')),
    });
    // Once signed in this form is gone.
    if (answer.ok) return;
    setPending(false);
    // Not a mistake yet: the code is asked for once the password is known to be right.
    const wantsCode = answer.code === 'totp_required';
    setAsksCode(wantsCode || answer.code === 'bad_totp');
    setFailed(wantsCode ? undefined : answer.code);
    if (answer.code === 'bad_totp') code.current?.select();
    else password.current?.select();
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <h2 className={styles.title}>{t('signIn.title')}</h2>
      <ProviderWay />
      {ended && !failed ? <p className={styles.ended}>{t('signIn.ended')}</p> : null}
      <label className={styles.field}>
        <span>{t('signIn.username')}</span>
        <input
          ref={username}
          name="username"
          className={styles.input}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={64}
        />
      </label>
      <PasswordField
        ref={password}
        invalid={failed !== undefined && failed !== 'bad_totp' && !failed.startsWith('oidc_')}
        errorId={errorId}
      />
      {asksCode ? (
        <label className={styles.field}>
          <span>{t('signIn.code')}</span>
          <input
            ref={code}
            name="code"
            className={styles.input}
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            required
            maxLength={40}
            aria-invalid={failed === 'bad_totp'}
            aria-describedby={errorId}
          />
          <span className={styles.hint}>{t('signIn.codeHint')}</span>
        </label>
      ) : null}
      <p className={styles.error} id={errorId} role="alert">
        {failed ? t(`errors.${failed}`) : null}
      </p>
      <Button type="submit" look="primary" disabled={pending} className={styles.submit}>
        {pending ? t('signIn.pending') : t('signIn.submit')}
      </Button>
    </form>
  );
}

/** Why the sign-in through the provider did not work, as its way back has put it into the address. */
function readRefusal(): FailureCode | undefined {
  return ErrorCode.safeParse(new URL(location.href).searchParams.get('signIn')).data;
}

/** Six digits are a code of an app; anything else that was typed is taken for a recovery code. */
function toSecondFactor(typed: string): { totp?: string; recoveryCode?: string } {
  const code = typed.trim();
  if (code === '') return {};
  const digits = code.replace(/\s/g, '');
  return /^\d{6}$/.test(digits) ? { totp: digits } : { recoveryCode: code };
}

interface PasswordFieldProps {
  ref: React.Ref<HTMLInputElement>;
  invalid: boolean;
  errorId: string;
}

function PasswordField({ ref, invalid, errorId }: PasswordFieldProps) {
  const { t } = useTranslation();
  const [visible, setVisible] = useState(false);
  const id = useId();
  const Icon = visible ? EyeOff : Eye;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{t('signIn.password')}</label>
      <div className={styles.password}>
        <input
          id={id}
          ref={ref}
          name="password"
          type={visible ? 'text' : 'password'}
          className={styles.input}
          autoComplete="current-password"
          required
          maxLength={256}
          aria-invalid={invalid}
          aria-describedby={errorId}
        />
        <Button
          look="quiet"
          iconOnly
          className={styles.reveal}
          aria-label={visible ? t('signIn.hidePassword') : t('signIn.showPassword')}
          onClick={() => setVisible(!visible)}
        >
          <Icon size="1.125rem" aria-hidden="true" />
        </Button>
      </div>
    </div>
  );
}
