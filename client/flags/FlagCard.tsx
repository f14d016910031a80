import { memo, useCallback, useMemo, useState } from 'react';
import type { Flag } from '#contract/flags.ts';
import { CaseLink } from '../cases/CaseLink.tsx';
import { Button } from '../design/Button.tsx';
import { LevelMark } from '../design/LevelMark.tsx';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { raisedAt } from '../store/region-sync.ts';
import styles from './FlagCard.module.css';
import { FlagTaken } from './FlagTaken.tsx';
import { flagNote } from './flag-note.ts';
import { FLAGS_DIALOGS, type FlagsQuestion } from './flags-dialogs.ts';
import { caseOf, sharedRuleText } from './rule-text.ts';
import { useFlagSteps } from './use-flag-steps.ts';
import { useShowArea } from './use-show-area.ts';

interface FlagCardProps {
  /** One flag, or several that say the same; the first one speaks for them. */
  flags: readonly [Flag, ...Flag[]];
  /** Whether the card says where it is. */
  placed: boolean;
}

/** A flag that needs somebody: how urgent, what, where, since when, who has it, and what can be done. */
export const FlagCard = memo(KnownFlagCard, isSameCard);

/** Lists are made anew with every flag that comes, and most of their cards are as they were. */
function isSameCard(a: FlagCardProps, b: FlagCardProps): boolean {
  return (
    a.placed === b.placed &&
    a.flags.length === b.flags.length &&
    a.flags.every((flag, index) => flag === b.flags[index])
  );
}

function KnownFlagCard({ flags, placed }: FlagCardProps) {
  const { t, formats, language } = useTexts();
  const [first] = flags;
  const caseId = caseOf(first);
  const { serverClock } = useDesk();
  const limits = useLive((state) => state.registry?.limits);
  const said = useMemo(
    () => sharedRuleText(flags, { language, limits: limits ?? {} }),
    [flags, language, limits],
  );
  const age = useCallback(
    () => formats.age(serverClock.nowMs() - Date.parse(raisedAt(first))),
    [formats, serverClock, first],
  );
  return (
    <article
      className={styles.card}
      data-level={first.severity}
      data-flag={first.state}
      data-flag-id={first.id}
      data-flag-area={flags.length === 1 ? first.areaId : undefined}
    >
      <header className={styles.header}>
        <span className={styles.level}>
          <LevelMark level={first.severity} size="0.9375rem" />
          {t(`levels.${first.severity}`)}
        </span>
        <Ticking text={age} className={styles.age} />
      </header>
      <h3 className={styles.what}>
        {said ?? t(`categories.${first.category}`)}
        {flags.length > 1 ? ` ${t('alarms.group', { count: flags.length })}` : ''}
      </h3>
      {placed ? <Place flags={flags} /> : null}
      {flags.length === 1 && caseId !== undefined ? (
        <p className={styles.place}>
          <CaseLink facilityId={first.facilityId} caseId={caseId} />
        </p>
      ) : null}
      {flags.length === 1 && first.note ? <p className={styles.note}>{flagNote(first, t)}</p> : null}
      <div className={styles.taken}>
        <FlagTaken flag={first} />
      </div>
      <Actions flags={flags} placed={placed} />
    </article>
  );
}

function Place({ flags }: { flags: FlagCardProps['flags'] }) {
  const { t, language } = useTexts();
  const [first] = flags;
  const area = useLive((state) =>
    first.areaId === undefined ? undefined : state.registry?.areaById[first.areaId]?.name[language],
  );
  const facility = useLive((state) => state.registry?.facilityById[first.facilityId]?.shortName[language]);
  const region = useLive((state) => state.registry?.regionById[first.regionId]?.name[language]);
  if (flags.length === 1)
    return (
      <p className={styles.place}>
        {[area ?? t('alarms.wholeFacility'), facility].filter(Boolean).join(' · ')}
      </p>
    );
  const oneFacility = flags.every(({ facilityId }) => facilityId === first.facilityId);
  const areas = new Set(flags.flatMap(({ areaId }) => areaId ?? [])).size;
  const facilities = new Set(flags.map(({ facilityId }) => facilityId)).size;
  return (
    <p className={styles.place}>
      {areas > 0 ? t('count.areas', { count: areas }) : t('count.facilities', { count: facilities })} ·{' '}
      {oneFacility ? facility : region}
    </p>
  );
}

function Actions({ flags, placed }: FlagCardProps) {
  const { t } = useTexts();
  // The flags of that moment: what comes to the card later has not been read, and is not closed with them.
  const [asked, setAsked] = useState<{ question: FlagsQuestion; flags: typeof flags }>();
  const ask = (question: FlagsQuestion) => setAsked({ question, flags });
  const Dialog = asked && FLAGS_DIALOGS[asked.question];
  const steps = useFlagSteps(flags);
  const show = useShowArea();
  return (
    <>
      <div className={styles.actions} data-actions>
        {steps.mayAcknowledge ? (
          <Button look="primary" disabled={steps.pending} onClick={steps.acknowledge}>
            {flags.length > 1 ? t('alarms.acknowledgeAll') : t('alarms.acknowledge')}
          </Button>
        ) : null}
        {placed ? <Button onClick={() => show(flags)}>{t('alarms.show')}</Button> : null}
        {steps.mayAssign ? (
          <Button
            look="quiet"
            className={styles.assign ?? ''}
            disabled={steps.pending}
            onClick={() => ask('assign')}
          >
            {t('assign.action')}
          </Button>
        ) : null}
        {steps.mayShelve ? (
          <Button look="quiet" disabled={steps.pending} onClick={() => ask('shelve')}>
            {t('shelve.action')}
          </Button>
        ) : null}
        {steps.mayUnshelve ? (
          <Button look="quiet" disabled={steps.pending} onClick={steps.unshelve}>
            {t('shelve.back')}
          </Button>
        ) : null}
        {steps.mayClose ? (
          <Button look="quiet" disabled={steps.pending} onClick={() => ask('close')}>
            {t('alarms.resolve')}
          </Button>
        ) : null}
      </div>
      {steps.failure ? (
        <p className={styles.failure} role="alert">
          {t('alarms.failed', { reason: t(`errors.${steps.failure}`) })}
        </p>
      ) : null}
      {Dialog ? <Dialog flags={asked.flags} onClose={() => setAsked(undefined)} /> : null}
    </>
  );
}
