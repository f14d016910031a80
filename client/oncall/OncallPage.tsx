import { BellRing, Check, LayoutGrid } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { FlagId } from '#contract/ids.ts';
import { alertLinkOf } from '../../config/roles/landing.ts';
import { SoundSign, Troubles } from '../alerts/AlertStrip.tsx';
import { useWaitingAlerts } from '../alerts/use-alert-voice.ts';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { useNamedFlag } from '../flags/use-named-flag.ts';
import { useOpenFlags } from '../flags/use-open-flags.ts';
import { DataAge } from '../shell/DataAge.tsx';
import { PageSign } from '../shell/PageSign.tsx';
import { SampleMark } from '../shell/SampleMark.tsx';
import { UserMenu } from '../shell/UserMenu.tsx';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { isKnown } from '../store/live-store.ts';
import { GoneAlert } from './GoneAlert.tsx';
import { offerOncall } from './manifest.ts';
import { NewsLost } from './NewsLost.tsx';
import { OncallAlert } from './OncallAlert.tsx';
import styles from './OncallPage.module.css';
import { neighboursOf, oncallQueue, waitsForAnswer } from './queue.ts';
import type { Turn } from './TurnBar.tsx';

const pathOf = (flagId: FlagId) => alertLinkOf('oncall', { flagId });

/**
 * For whoever is on call, in a hand: one alert at a time, its picture in the smallest layer, and under the thumb what can
 * be done. Which alert it is stands in the address, so that a notice leads to it and nothing that comes takes its place.
 */
export function OncallPage() {
  const { t } = useTexts();
  const { who } = useDesk();
  const [, navigate] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('flag');
  const queue = useQueue();
  const waiting = queue.filter((flag) => waitsForAnswer(flag, who.username));
  const first = waiting[0] ?? queue[0];
  const known = useLive(isKnown);
  useEffect(() => offerOncall(document), []);

  useEffect(() => {
    if (asked === null && first) navigate(pathOf(first.id), { replace: true });
  }, [asked, first, navigate]);

  const { place, previous, next } = neighboursOf(queue, asked ?? '', who.username);
  const to = (flagId: FlagId | undefined) =>
    flagId === undefined ? undefined : () => navigate(pathOf(flagId), { replace: true });
  const turn: Turn = { previous: to(previous), next: to(next) };
  useShortcuts('oncall', true, {
    previousAlert: () => (turn.previous ? turn.previous() : false),
    nextAlert: () => (turn.next ? turn.next() : false),
  });
  return (
    <section className={styles.page} aria-label={t('oncall.title')}>
      <header className={styles.header}>
        {waiting.length > 0 ? (
          <Button
            className={styles.waiting ?? ''}
            onClick={to(first?.id)}
            disabled={first?.id === asked}
            data-waiting={waiting.length}
          >
            <BellRing size="1.125rem" aria-hidden="true" />
            {t('oncall.waiting', { count: waiting.length })}
          </Button>
        ) : (
          <span className={styles.name}>{t('oncall.title')}</span>
        )}
        <span className={styles.place}>
          {place === undefined ? null : t('oncall.place', { place, count: queue.length })}
        </span>
        <Link href="/" className={styles.wall} aria-label={t('oncall.wall')} title={t('oncall.wall')}>
          <LayoutGrid size="1.25rem" aria-hidden="true" />
        </Link>
        <UserMenu />
        <div className={styles.state}>
          <DataAge />
          <SampleMark />
        </div>
      </header>
      <div className={styles.troubles}>
        <PageSign />
        <NewsLost />
        <Troubles />
        <SoundSign />
      </div>
      {asked === null ? <Quiet known={known} /> : <Chosen key={asked} asked={asked} turn={turn} />}
    </section>
  );
}

/** The alerts of this person. */
function useQueue() {
  const { who } = useDesk();
  const flags = useOpenFlags();
  const alerts = useWaitingAlerts();
  return useMemo(() => {
    const told = new Set(alerts.map(({ flagId }) => flagId));
    return oncallQueue(flags, { told, username: who.username });
  }, [flags, alerts, who]);
}

function Quiet({ known }: { known: boolean }) {
  const { t } = useTexts();
  return (
    <div className={styles.middle}>
      {known ? (
        <Notice wholePage icon={Check} title={t('oncall.none')} hint={t('oncall.noneHint')} />
      ) : (
        <Notice wholePage title={t('oncall.loading')} />
      )}
    </div>
  );
}

/** The alert that the address names: open, or whatever the server says about it. */
function Chosen({ asked, turn }: { asked: string; turn: Turn }) {
  const { flag, failure, ask } = useNamedFlag(asked);
  if (flag) return <OncallAlert flag={flag} turn={turn} onChanged={ask} />;
  if (failure) return <GoneAlert reason={failure} turn={turn} onRetry={ask} />;
  return <Quiet known={false} />;
}
