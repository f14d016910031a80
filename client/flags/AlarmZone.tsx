import type { TFunction } from 'i18next';
import { ChevronDown, Hourglass, Unplug } from 'lucide-react';
import { type FocusEvent, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { AlertStrip, SoundOff } from '../alerts/AlertStrip.tsx';
import { PathCheckedSign } from '../alerts/PathChecked.tsx';
import { LevelMark } from '../design/LevelMark.tsx';
import { useLive, useTexts, useView } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import type { AlarmPlace } from '../shell/alarm-place.ts';
import { isKnown } from '../store/live-store.ts';
import { AlarmRate } from './AlarmRate.tsx';
import styles from './AlarmZone.module.css';
import { FlagCard } from './FlagCard.tsx';
import { type HeldCard, keepHeld } from './held-card.ts';
import { isLoud } from './loud.ts';
import { groupFlags } from './open-flags.ts';
import { useOpenFlags } from './use-open-flags.ts';
import { useShelved } from './use-shelved.ts';

/** How many nobody has taken; when all are taken, how many there are; nothing to count on a quiet night. */
function headline(fresh: number, open: number, t: TFunction): string {
  if (fresh > 0) return t('alarms.new', { count: fresh });
  return open > 0 ? t('count.flags', { count: open }) : '';
}

const LIST_ID = 'alarm-list';

/** Cards in the zone; the rest is in the queue. More cannot be taken in at a glance. */
const MAX_CARDS = 40;

/**
 * Where alarms live: beside the pictures or below them, never over them, until somebody has dealt with them. What is only to be gone
 * through some time, and what is put aside, is counted, and waits in the queue.
 */
export function AlarmZone({ place = 'right' }: { place?: AlarmPlace }) {
  const { t } = useTexts();
  const open = useOpenFlags();
  const shelved = useShelved(open);
  const here = useMemo(
    () => (shelved.size === 0 ? open : open.filter(({ id }) => !shelved.has(id))),
    [open, shelved],
  );
  const flags = useMemo(() => here.filter(isLoud), [here]);
  const quiet = here.length - flags.length;
  const groups = useMemo(() => groupFlags(flags), [flags]);
  const [held, setHeld] = useState<HeldCard>();
  const cards = useMemo(() => keepHeld(groups.slice(0, MAX_CARDS), held), [groups, held]);
  const noteHeld = ({ target, currentTarget }: FocusEvent) => {
    // A dialog of a card is not in it, and the card has to stay while it is open.
    if (!currentTarget.contains(target)) return;
    const id = target.closest<HTMLElement>('[data-flag-id]')?.dataset.flagId;
    const card = cards.find(({ flags: [first] }) => first.id === id);
    setHeld(card && { flagId: card.flags[0].id, key: card.key });
  };
  const fresh = flags.filter(({ state }) => state === 'raised').length;
  const rest = groups.slice(MAX_CARDS).reduce((sum, group) => sum + group.flags.length, 0);
  const worst = flags.filter(({ severity }) => severity === flags[0]?.severity).length;
  const known = useLive(isKnown);
  const fold = useFold();
  return (
    <aside
      className={styles.zone}
      aria-label={t('alarms.title')}
      data-place={place}
      data-folded={fold.isFolded || undefined}
      data-level={flags[0]?.severity}
      onFocus={noteHeld}
    >
      <button
        type="button"
        className={styles.line}
        aria-expanded={!fold.isFolded}
        aria-controls={LIST_ID}
        onClick={fold.toggle}
      >
        {flags[0] ? <LevelMark level={flags[0].severity} size="1rem" /> : null}
        <span className={styles.lineText}>
          {flags[0]
            ? `${t(`levels.${flags[0].severity}`)}: ${worst} · ${headline(fresh, flags.length, t)}`
            : t(known ? 'alarms.none' : 'alarms.unknown')}
        </span>
        <SoundOff />
        <ChevronDown className={styles.chevron} size="1.125rem" aria-hidden="true" />
      </button>
      <header className={styles.header}>
        <h2 className={styles.title}>{t('alarms.title')}</h2>
        <div className={styles.checked}>
          <PathCheckedSign />
        </div>
        <Link href="/flags" className={styles.count} title={t('alarms.open')} aria-live="polite">
          {headline(fresh, flags.length, t)}
        </Link>
        {known ? <AlarmRate /> : null}
      </header>
      <StaleNotice />
      <AlertStrip folded={fold.isFolded} />
      <div id={LIST_ID} className={styles.list}>
        {flags.length === 0 ? (
          <div className={styles.none}>
            <p>{t(known ? 'alarms.none' : 'alarms.unknown')}</p>
            {known ? <p className={styles.hint}>{t('alarms.noneHint')}</p> : null}
          </div>
        ) : null}
        {cards.map(({ key, flags: alike }) => (
          <FlagCard key={key} flags={alike} placed />
        ))}
        {rest > 0 ? (
          <Link href="/flags" className={styles.rest}>
            {t('alarms.rest', { count: rest })}
          </Link>
        ) : null}
      </div>
      {quiet > 0 || shelved.size > 0 ? (
        <Link href="/flags" className={styles.quiet}>
          {quiet > 0 ? (
            <>
              <LevelMark level={4} />
              {t('alarms.quiet', { count: quiet })}
            </>
          ) : null}
          {shelved.size > 0 ? (
            <span className={styles.aside} data-shelved-count={shelved.size}>
              <Hourglass size="0.875rem" aria-hidden="true" />
              {t('shelve.count', { count: shelved.size })}
            </span>
          ) : null}
        </Link>
      ) : null}
    </aside>
  );
}

/**
 * In a hand the zone is one line until it is opened, and folds again when one goes to what it shows. Beside the pictures
 * of a desk it is always open, whatever this says.
 */
function useFold() {
  const [path] = useLocation();
  const marked = useView((state) => state.marked);
  const here = `${path} ${marked}`;
  const [openAt, setOpenAt] = useState<string>();
  const isFolded = openAt !== here;
  return { isFolded, toggle: () => setOpenAt(isFolded ? here : undefined) };
}

/** A quiet zone must not pass for a quiet night. In the zone itself, so that nothing is pushed or covered. */
function StaleNotice() {
  const { t, formats } = useTexts();
  const link = useLive((state) => state.link);
  const todayMs = useToday();
  if (link.state !== 'lost') return null;
  return (
    <div className={styles.stale} role="alert">
      <Unplug size="1.125rem" aria-hidden="true" />
      <div>
        <p className={styles.staleTitle}>{t('alarms.stale')}</p>
        <p>{t('alarms.staleHint', { time: formats.moment(link.sinceMs, todayMs) })}</p>
      </div>
    </div>
  );
}
