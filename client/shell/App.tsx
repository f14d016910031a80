import { CSPProvider } from '@base-ui/react/csp-provider';
import { useEffect, useState } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { WhoAmI } from '#contract/session.ts';
import { landingOf } from '../../config/roles/landing.ts';
import { SetupPage } from '../account/SetupPage.tsx';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { DeskProvider } from '../desk/DeskProvider.tsx';
import { createDesk, type Desk, type DeskPorts } from '../desk/desk.ts';
import type { createI18n } from '../i18n/i18n.ts';
import { SignInPage } from '../session/SignInPage.tsx';
import type { SessionManager } from '../session/session.ts';
import { SessionContext } from '../session/session-context.ts';
import { Guard } from './Guard.tsx';
import { Shell } from './Shell.tsx';

interface AppProps {
  i18n: ReturnType<typeof createI18n>;
  session: SessionManager;
  /** What a desk needs beside the person that sits at it. */
  deskPorts(who: WhoAmI): DeskPorts;
}

/** The whole client: the sign-in, or the desk of whoever is signed in. */
export function App({ i18n, session, deskPorts }: AppProps) {
  return (
    // The page's content security policy knows no inline styles.
    <CSPProvider disableStyleElements>
      <I18nextProvider i18n={i18n}>
        <SessionContext value={session}>
          <Guard failed={() => <Crashed />}>
            <Gate session={session} deskPorts={deskPorts} />
          </Guard>
        </SessionContext>
      </I18nextProvider>
    </CSPProvider>
  );
}

function Gate({ session, deskPorts }: Pick<AppProps, 'session' | 'deskPorts'>) {
  const state = useStore(session.store);
  const { i18n } = useTranslation();
  useEffect(() => {
    document.documentElement.lang = i18n.language;
    document.title = i18n.t('product.name');
  }, [i18n, i18n.language]);
  if (state.state !== 'signed-in') return <SignInPage state={state} />;
  if (state.who.setup?.length) return <SetupPage who={state.who} />;
  return (
    <SignedIn
      key={state.who.username}
      who={state.who}
      arrived={state.arrived === true}
      deskPorts={deskPorts}
    />
  );
}

interface SignedInProps {
  who: WhoAmI;
  /** They have just signed in. */
  arrived: boolean;
  deskPorts: AppProps['deskPorts'];
}

/** Owns the desk: made when the page appears, disposed of when it goes. */
function SignedIn({ who, arrived, deskPorts }: SignedInProps) {
  const [desk, setDesk] = useState<Desk>();
  useEffect(() => {
    if (arrived) land(who);
  }, [arrived, who]);
  useEffect(() => {
    const made = createDesk(deskPorts(who));
    setDesk(made);
    return () => {
      setDesk(undefined);
      made[Symbol.dispose]();
    };
  }, [who, deskPorts]);
  return desk ? (
    <DeskProvider desk={desk}>
      <Shell />
    </DeskProvider>
  ) : null;
}

/** Leads somebody who asked for no page to that of their role. */
function land({ role }: WhoAmI): void {
  const asked = `${location.pathname}${location.search}`;
  const page = landingOf(role, asked);
  if (page !== asked) history.replaceState(null, '', page);
}

/** A fault that no page has for itself: says so instead of leaving a black wall that might pass for a quiet one. */
function Crashed() {
  const { t } = useTranslation();
  return (
    <Notice wholePage title={t('crash.title')} hint={t('crash.hint')} role="alert">
      <Button look="primary" onClick={() => location.reload()}>
        {t('crash.reload')}
      </Button>
    </Notice>
  );
}
