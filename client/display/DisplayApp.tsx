import { MonitorOff, ServerOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { DisplaySelf } from '#contract/displays.ts';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { DeskProvider } from '../desk/DeskProvider.tsx';
import { createDesk, type Desk, type DeskPorts } from '../desk/desk.ts';
import { createFormats } from '../i18n/formats.ts';
import { languageOf } from '../i18n/i18n.ts';
import styles from './DisplayApp.module.css';
import { DisplayScreen } from './DisplayScreen.tsx';
import type { DisplayBoot, DisplayState } from './display-boot.ts';

interface DisplayAppProps {
  boot: DisplayBoot;
  /** What a desk needs that is a display's. */
  deskPorts(self: DisplaySelf): DeskPorts;
}

/** The page of a large screen, whatever it is just now. */
export function DisplayApp({ boot, deskPorts }: DisplayAppProps) {
  const state = useStore(boot.store);
  if (state.state !== 'enrolled')
    return (
      <main className={styles.far}>
        <NoDisplayYet state={state} onPairAgain={boot.pairAgain} />
      </main>
    );
  return (
    <Enrolled
      // Another scope is another desk: nothing of the one before stays.
      key={`${state.self.id} ${JSON.stringify(state.self.scope)}`}
      self={state.self}
      deskPorts={deskPorts}
      onBehind={boot.ask}
    />
  );
}

type OutsideState = Exclude<DisplayState, { state: 'enrolled' }>;

/** What a screen says that shows nothing: it is read from where the room is, too. */
function NoDisplayYet({ state, onPairAgain }: { state: OutsideState; onPairAgain(): void }) {
  const { t } = useTranslation();
  switch (state.state) {
    case 'asking':
      return <Notice wholePage title={t('display.asking')} />;
    case 'unreachable':
      return (
        <Notice
          wholePage
          icon={ServerOff}
          title={t('display.unreachable')}
          hint={t('display.unreachableHint')}
        />
      );
    case 'revoked':
      return (
        <Notice
          wholePage
          icon={MonitorOff}
          title={t('display.revoked')}
          hint={t('display.revokedHint')}
          role="alert"
        >
          <Button onClick={onPairAgain}>{t('display.pairAgain')}</Button>
        </Notice>
      );
    case 'pairing':
      return <PairingCode state={state} />;
  }
}

function PairingCode({ state: { pairing } }: { state: Extract<DisplayState, { state: 'pairing' }> }) {
  const { t, i18n } = useTranslation();
  if (!pairing)
    return (
      <Notice
        wholePage
        icon={ServerOff}
        title={t('display.pairingFailed')}
        hint={t('display.unreachableHint')}
      />
    );
  const { code, expiresAt, timeZone } = pairing;
  const time = createFormats(languageOf(i18n), timeZone).time(Date.parse(expiresAt));
  return (
    <div className={styles.pairing}>
      <h1 className={styles.caption}>{t('display.pairing')}</h1>
      <p className={styles.code} data-testid="pairing-code">
        {code.slice(0, 4)}-{code.slice(4)}
      </p>
      <p className={styles.hint}>{t('display.pairingHint')}</p>
      <p className={styles.hint}>{t('display.pairingUntil', { time })}</p>
    </div>
  );
}

/** Owns the desk of the display. */
function Enrolled({
  self,
  deskPorts,
  onBehind,
}: {
  self: DisplaySelf;
  deskPorts: DisplayAppProps['deskPorts'];
  onBehind(): void;
}) {
  const [desk, setDesk] = useState<Desk>();
  const [first] = useState(self);
  useEffect(() => {
    const made = createDesk(deskPorts(first));
    setDesk(made);
    return () => {
      setDesk(undefined);
      made[Symbol.dispose]();
    };
  }, [first, deskPorts]);
  return desk ? (
    <DeskProvider desk={desk}>
      <DisplayScreen self={self} onBehind={onBehind} />
    </DeskProvider>
  ) : null;
}
