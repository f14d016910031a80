import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SignInWays } from '#contract/session.ts';
import { languageOf } from '../i18n/i18n.ts';
import styles from './SignInPage.module.css';
import { useSession } from './session-context.ts';

/** The way in through the identity provider, where there is one; afterwards the page is the one that was asked for. */
export function ProviderWay() {
  const { t, i18n } = useTranslation();
  const { api } = useSession();
  const [ways, setWays] = useState<SignInWays>();
  useEffect(() => {
    const gone = new AbortController();
    void api.call('/api/v1/session/ways', { reply: SignInWays, signal: gone.signal }).then((answer) => {
      if (answer.ok && !gone.signal.aborted) setWays(answer.value);
    });
    return () => gone.abort();
  }, [api]);
  if (!ways?.provider) return null;
  return (
    <>
      <a
        className={styles.provider}
        href={`/api/v1/session/oidc/start?returnTo=${encodeURIComponent(here())}`}
      >
        {t('signIn.through', { name: ways.provider[languageOf(i18n)] })}
      </a>
      <p className={styles.or}>{t('signIn.or')}</p>
    </>
  );
}

/** The page that was asked for, without what the last try to sign in has left there. */
function here(): string {
  const url = new URL(location.href);
  url.searchParams.delete('signIn');
  return url.pathname + url.search;
}
