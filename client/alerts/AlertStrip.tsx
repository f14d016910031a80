import { ShieldAlert, VolumeX } from 'lucide-react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import type { FlagAlert } from '#contract/alerts.ts';
import { WATCHING_PAGE } from '../../config/roles/landing.ts';
import { Button } from '../design/Button.tsx';
import { LevelMark } from '../design/LevelMark.tsx';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import { openFlagOf } from '../flags/open-flags.ts';
import { useShowArea } from '../flags/use-show-area.ts';
import styles from './AlertStrip.module.css';
import { pathWithin, silentPlaces } from './silent-posts.ts';
import { useWaitingAlerts } from './use-alert-voice.ts';
import { usePathTroubles } from './use-path-troubles.ts';

/** Alerts that are named; the rest is counted, and stands below as flags. */
const MAX_ROWS = 3;

interface AlertStripProps {
  /** In a hand, only what must never be missed. @default false */
  folded?: boolean;
}

/**
 * Above the alarms: whether alerts reach this person at all, and those that say more than the alarm below: that nobody
 * has answered it, that it is theirs now. A quiet strip is not there.
 */
export function AlertStrip({ folded = false }: AlertStripProps) {
  const { t } = useTexts();
  return (
    <section className={styles.strip} aria-label={t('alerts.strip')} data-folded={folded || undefined}>
      <Troubles />
      <SoundSign />
      <Waiting />
      <Watching />
      <Digest />
    </section>
  );
}

/** What is wrong with the way of alerts to this person. */
export function Troubles() {
  const texts = useTexts();
  const { t, formats } = texts;
  const { alerts, who } = useDesk();
  const path = useStore(alerts.store, (state) => state.path);
  const troubles = usePathTroubles();
  const todayMs = useToday();
  const places = silentPlaces(path && pathWithin(path, who.scope), texts);
  const at = path?.canary?.at;
  const time = at === undefined ? t('alerts.never') : formats.moment(Date.parse(at), todayMs);
  return troubles.map((trouble) => (
    <div key={trouble} className={`${styles.row} ${styles.trouble}`} role="alert" data-trouble={trouble}>
      <ShieldAlert size="1.125rem" aria-hidden="true" />
      <p className={styles.title}>{t(`alerts.troubles.${trouble}`, { places })}</p>
      <p className={styles.hint}>{t(`alerts.troubleHints.${trouble}`, { time })}</p>
    </div>
  ));
}

/** An alarm that cannot be heard must not pass for a quiet one. */
export function SoundSign() {
  const { t } = useTexts();
  const { alerts, sound } = useDesk();
  const state = useStore(alerts.store, (one) => one.sound);
  const volume = useStore(alerts.store, ({ settings }) => settings.sound.volume);
  if (state === 'blocked')
    return (
      <div className={styles.row} data-sound="blocked">
        <VolumeX size="1.125rem" aria-hidden="true" />
        <p className={styles.title}>{t('alerts.blocked')}</p>
        <Button onClick={() => void sound.unlock()}>{t('alerts.unlock')}</Button>
        <p className={styles.hint}>{t('alerts.blockedHint')}</p>
      </div>
    );
  if (volume > 0) return null;
  return (
    <div className={styles.row} data-sound="off">
      <VolumeX size="1.125rem" aria-hidden="true" />
      <p>{t('alerts.silent')}</p>
    </div>
  );
}

/** The same sign for where there is no room for words. */
export function SoundOff() {
  const { t } = useTexts();
  const { alerts } = useDesk();
  const state = useStore(alerts.store, (one) => one.sound);
  const volume = useStore(alerts.store, ({ settings }) => settings.sound.volume);
  if (state !== 'blocked' && volume > 0) return null;
  return (
    <VolumeX
      size="1.125rem"
      role="img"
      aria-label={t(state === 'blocked' ? 'alerts.blocked' : 'alerts.silent')}
    />
  );
}

function Waiting() {
  const { t } = useTexts();
  const all = useWaitingAlerts();
  const waiting = all.filter(({ reason }) => reason !== 'raised').toSorted((a, b) => a.severity - b.severity);
  const rest = waiting.length - MAX_ROWS;
  return (
    <>
      {waiting.slice(0, MAX_ROWS).map((alert) => (
        <Row key={alert.id} alert={alert} />
      ))}
      {rest > 0 ? <p className={styles.more}>{t('alerts.more', { count: rest })}</p> : null}
    </>
  );
}

function Row({ alert }: { alert: FlagAlert }) {
  const { t, formats, language } = useTexts();
  const show = useShowArea();
  const flag = useLive((state) => openFlagOf(state, alert.flagId));
  const todayMs = useToday();
  const place = alert.place[language];
  return (
    <button
      type="button"
      className={`${styles.row} ${styles.alert}`}
      data-alert-id={alert.id}
      data-alert-flag={alert.flagId}
      onClick={() => flag && show([flag])}
    >
      <LevelMark level={alert.severity} size="0.9375rem" />
      <span className={styles.place}>{place}</span>
      <span className={styles.time}>{formats.moment(Date.parse(alert.at), todayMs)}</span>
      <span className={styles.reason}>
        {t(`levels.${alert.severity}`)} · {t(`alerts.reasons.${alert.reason}`)}
      </span>
      <VisuallyHidden as="span">{t('alerts.show', { place })}</VisuallyHidden>
    </button>
  );
}

/** Somebody watched an area for long at night: outside control alone is told. */
function Watching() {
  const { t, language } = useTexts();
  const { alerts } = useDesk();
  const watching = useStore(alerts.store, (state) => state.watching);
  if (!watching) return null;
  return (
    <div className={styles.digest} data-watching={watching.findingId}>
      <span>{t('alerts.watching', { place: watching.place[language] })}</span>
      <Link href={WATCHING_PAGE} onClick={alerts.putWatchingAway}>
        {t('alerts.watchingOpen')}
      </Link>
      <Button look="quiet" onClick={alerts.putWatchingAway}>
        {t('alerts.digestAway')}
      </Button>
    </div>
  );
}

function Digest() {
  const { t } = useTexts();
  const { alerts } = useDesk();
  const digest = useStore(alerts.store, (state) => state.digest);
  if (!digest) return null;
  return (
    <div className={styles.digest} data-digest={digest.id}>
      <span>{t('alerts.digest', { count: digest.total })}</span>
      <Link href="/flags">{t('alerts.digestOpen')}</Link>
      <Button look="quiet" onClick={alerts.putDigestAway}>
        {t('alerts.digestAway')}
      </Button>
    </div>
  );
}
