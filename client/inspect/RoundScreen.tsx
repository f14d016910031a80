import { Check, ClipboardCheck, Undo2 } from 'lucide-react';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { CheckForm } from './CheckForm.tsx';
import { useInspect, useRooms } from './inspect-context.ts';
import { countOf, nextRoom, type Round, startRound, withoutLast, withResult } from './round.ts';
import { useRound } from './round-memory.ts';
import styles from './Screen.module.css';

/** A walk through the rooms: one at a time, most pressing first. */
export function RoundScreen() {
  const { round, setRound } = useRound();
  if (!round) return <Start onStart={setRound} />;
  const areaId = nextRoom(round);
  return areaId === undefined ? (
    <Over round={round} onLeave={() => setRound(undefined)} />
  ) : (
    <Walk key={areaId} round={round} areaId={areaId} onRound={setRound} />
  );
}

function Start({ onStart }: { onStart(round: Round): void }) {
  const { t } = useTexts();
  const { facts, outbox } = useInspect();
  const rooms = useRooms();
  const round = startRound(facts.facilityId, rooms, outbox.clock.nowMs());
  if (round.rooms.length === 0) return <Notice icon={ClipboardCheck} title={t('round.none')} />;
  return (
    <section className={styles.stack}>
      <h2 className={styles.title}>{t('round.roomsCount', { count: round.rooms.length })}</h2>
      <p className={styles.hint}>{t('round.intro')}</p>
      <button type="button" className={styles.primary} onClick={() => onStart(round)}>
        <ClipboardCheck size="1.25rem" aria-hidden="true" />
        {t('round.start')}
      </button>
    </section>
  );
}

function Over({ round, onLeave }: { round: Round; onLeave(): void }) {
  const { t } = useTexts();
  return (
    <Notice
      icon={Check}
      title={t('round.over')}
      hint={t('round.overHint', {
        checked: countOf(round, 'checked'),
        empty: countOf(round, 'empty'),
        skipped: countOf(round, 'skipped'),
      })}
    >
      <button type="button" className={styles.primary} onClick={onLeave}>
        {t('round.again')}
      </button>
    </Notice>
  );
}

interface WalkProps {
  round: Round;
  areaId: string;
  onRound(round: Round | undefined): void;
}

function Walk({ round, areaId, onRound }: WalkProps) {
  const { t } = useTexts();
  const rooms = useRooms();
  const due = rooms.find(({ room }) => room.id === areaId);
  const done = round.rooms.indexOf(areaId);
  return (
    <section className={styles.stack}>
      <p className={styles.facts}>
        <span>{t('round.progress', { done: done + 1, all: round.rooms.length })}</span>
        {done > 0 ? (
          <button type="button" className={styles.chip} onClick={() => onRound(withoutLast(round))}>
            <Undo2 size="1rem" aria-hidden="true" />
            {t('round.previous')}
          </button>
        ) : null}
        <button type="button" className={styles.chip} onClick={() => onRound(undefined)}>
          {t('round.stop')}
        </button>
      </p>
      {due ? (
        <CheckForm
          due={due}
          onDone={(result) => onRound(withResult(round, areaId, result))}
          onSkip={() => onRound(withResult(round, areaId, 'skipped'))}
        />
      ) : (
        <Notice title={t('inspect.unknownRoom')}>
          <button
            type="button"
            className={styles.second}
            onClick={() => onRound(withResult(round, areaId, 'skipped'))}
          >
            {t('round.skip')}
          </button>
        </Notice>
      )}
    </section>
  );
}
