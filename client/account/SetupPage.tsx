import { useTranslation } from 'react-i18next';
import type { WhoAmI } from '#contract/session.ts';
import { Button } from '../design/Button.tsx';
import { useSession } from '../session/session-context.ts';
import styles from './Account.module.css';
import { PasswordForm } from './PasswordForm.tsx';
import { TotpForm } from './TotpForm.tsx';

/** What a new account has to do before anything else: one step after the other. */
export function SetupPage({ who }: { who: WhoAmI }) {
  const { t } = useTranslation();
  const session = useSession();
  const step = who.setup?.[0];
  return (
    <main className={styles.page}>
      <div className={styles.setup}>
        <header>
          <h1 className={styles.title}>{t('account.setup.title')}</h1>
          {step ? <p className={styles.lead}>{t(`account.setup.${step}`)}</p> : null}
        </header>
        {step === 'password' ? <PasswordForm onDone={() => session.check()} /> : null}
        {step === 'totp' ? <TotpForm onDone={() => session.check()} /> : null}
        <Button look="quiet" onClick={() => void session.signOut()}>
          {t('account.setup.signOut')}
        </Button>
      </div>
    </main>
  );
}
