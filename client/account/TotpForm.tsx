import { type FormEvent, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RecoveryCodes, TotpOffer } from '#contract/accounts.ts';
import { Button } from '../design/Button.tsx';
import { Failure, Field } from '../design/Field.tsx';
import { FormSection } from '../design/Page.tsx';
import type { FailureCode } from '../session/failure.ts';
import { useSession } from '../session/session-context.ts';
import { Guard } from '../shell/Guard.tsx';
import { lateCode } from '../shell/late-code.tsx';
import styles from './Account.module.css';
import { useConfirmed } from './use-confirmed.tsx';

const QrCode = lateCode(async () => (await import('./QrCode.tsx')).QrCode);

type Step =
  | { step: 'start' }
  | { step: 'offered'; offer: TotpOffer }
  | { step: 'done'; codes: readonly string[] };

/** Sets up a second factor; shows its secret and the recovery codes once. */
export function TotpForm({ onDone }: { onDone?(): void }) {
  const { t } = useTranslation();
  const { api } = useSession();
  const { run, dialog } = useConfirmed();
  const [step, setStep] = useState<Step>({ step: 'start' });
  const [failed, setFailed] = useState<FailureCode>();

  async function start() {
    const answer = await run(() => api.call('/api/v1/account/totp', { body: {}, reply: TotpOffer }));
    setFailed(answer.ok ? undefined : answer.code);
    if (answer.ok) setStep({ step: 'offered', offer: answer.value });
  }

  async function turnOn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const totp = String(new FormData(event.currentTarget).get('totp') ?? '').replace(/\s/g, '');
    const answer = await run(() =>
      api.call('/api/v1/account/totp/confirm', { body: { totp }, reply: RecoveryCodes }),
    );
    setFailed(answer.ok ? undefined : answer.code);
    if (answer.ok) setStep({ step: 'done', codes: answer.value.recoveryCodes });
  }

  return (
    <FormSection title={t('account.totp.title')}>
      {step.step === 'start' ? (
        <>
          <p className={styles.hint}>{t('account.totp.lead')}</p>
          <Button onClick={() => void start()}>{t('account.totp.start')}</Button>
        </>
      ) : null}
      {step.step === 'offered' ? (
        <form className={styles.form} onSubmit={(event) => void turnOn(event)}>
          <p className={styles.hint}>{t('account.totp.scan')}</p>
          {/* The key below does as well. */}
          <Guard failed={() => null}>
            <Suspense fallback={null}>
              <QrCode text={step.offer.uri} label={t('account.totp.qr')} />
            </Suspense>
          </Guard>
          <p className={styles.hint}>
            {t('account.totp.key')}: <code className={styles.secret}>{inGroups(step.offer.secret)}</code>
          </p>
          <a href={step.offer.uri}>{t('account.totp.open')}</a>
          <Field label={t('account.totp.code')}>
            <input name="totp" inputMode="numeric" autoComplete="one-time-code" required maxLength={7} />
          </Field>
          <Button type="submit" look="primary">
            {t('account.totp.submit')}
          </Button>
        </form>
      ) : null}
      {step.step === 'done' ? (
        <>
          <h3>{t('account.totp.recovery')}</h3>
          <p className={styles.hint}>{t('account.totp.recoveryHint')}</p>
          <ul className={styles.codes}>
            {step.codes.map((code) => (
              <li key={code} className={styles.secret}>
                {code}
              </li>
            ))}
          </ul>
          <Button
            look="primary"
            onClick={() => {
              setStep({ step: 'start' });
              onDone?.();
            }}
          >
            {t('account.totp.kept')}
          </Button>
        </>
      ) : null}
      <Failure>{failed && t(`errors.${failed}`)}</Failure>
      {dialog}
    </FormSection>
  );
}

function inGroups(secret: string): string {
  return secret.replace(/.{4}(?=.)/g, '$& ');
}
