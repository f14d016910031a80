import { Check } from 'lucide-react';
import { useState } from 'react';
import { useTexts } from '../desk/desk-context.ts';
import { checkDrafts } from './check-drafts.ts';
import type { RoomDue } from './check-order.ts';
import { DueText } from './DueText.tsx';
import { useInspect } from './inspect-context.ts';
import { PeopleCount } from './PeopleCount.tsx';
import type { RoomResult } from './round.ts';
import styles from './Screen.module.css';
import { useRecord } from './use-record.ts';

const SIGHTS = ['calm', 'asleep', 'awake', 'woken', 'unwell', 'upset', 'dirty'] as const;
type Sight = (typeof SIGHTS)[number];
const MOST_PEOPLE = 99;
const MAX_NOTE = 500;

interface CheckFormProps {
  due: RoomDue;
  onDone(result: RoomResult): void;
  onSkip?: () => void;
}

/** A look into one room: how many people, what is seen, one tap. */
export function CheckForm({ due, onDone, onSkip }: CheckFormProps) {
  const { t, language } = useTexts();
  const { facts } = useInspect();
  const { room } = due;
  const [count, setCount] = useState(room.headcount ?? 0);
  const [sights, setSights] = useState<ReadonlySet<Sight>>(new Set());
  const [note, setNote] = useState('');
  const { record, pending, failed } = useRecord();
  const differs = room.headcount !== null && count !== room.headcount;
  const isEmpty = count === 0 && !differs;

  function toggle(sight: Sight): void {
    const next = new Set(sights);
    if (!next.delete(sight)) next.add(sight);
    setSights(next);
  }

  async function save() {
    const said = [
      ...SIGHTS.filter((one) => sights.has(one)).map((one) => t(`round.sights.${one}`)),
      note.trim(),
    ];
    const drafts = checkDrafts({
      areaId: room.id,
      count,
      recorded: room.headcount,
      note: said.filter(Boolean).join('; '),
    });
    const saved = await record(
      drafts.map((draft) => ({ facilityId: facts.facilityId, draft, occurred: { when: 'now' } })),
    );
    if (saved) onDone(isEmpty ? 'empty' : 'checked');
  }

  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2 className={styles.title}>{room.name[language]}</h2>
      <p className={styles.facts}>
        <PeopleCount room={room} />
        <DueText due={due} />
      </p>
      <fieldset className={styles.group}>
        <legend className={styles.legend}>{t('round.count')}</legend>
        <div className={styles.stepper}>
          <button
            type="button"
            className={styles.step}
            disabled={count === 0}
            aria-label={t('round.fewer')}
            onClick={() => setCount(count - 1)}
          >
            −
          </button>
          <output className={styles.count} aria-live="polite">
            {count}
          </output>
          <button
            type="button"
            className={styles.step}
            disabled={count === MOST_PEOPLE}
            aria-label={t('round.more')}
            onClick={() => setCount(count + 1)}
          >
            +
          </button>
        </div>
        {differs ? (
          <p className={styles.warning} role="status">
            {t('round.countDiffers', { count: room.headcount ?? 0 })}
          </p>
        ) : null}
      </fieldset>
      <fieldset className={styles.group}>
        <legend className={styles.legend}>{t('round.seen')}</legend>
        <div className={styles.chips}>
          {SIGHTS.map((sight) => (
            <button
              key={sight}
              type="button"
              className={styles.chip}
              aria-pressed={sights.has(sight)}
              onClick={() => toggle(sight)}
            >
              {t(`round.sights.${sight}`)}
            </button>
          ))}
        </div>
      </fieldset>
      <label className={styles.group}>
        <span className={styles.legend}>{t('round.note')}</span>
        <textarea
          className={styles.input}
          rows={2}
          maxLength={MAX_NOTE}
          value={note}
          placeholder={t('round.notePlaceholder')}
          onChange={(event) => setNote(event.target.value)}
        />
        <span className={styles.hint}>{t('record.noteNames')}</span>
      </label>
      <footer className={styles.foot}>
        {failed ? (
          <p className={styles.failure} role="alert">
            {t('record.notSaved')}
          </p>
        ) : null}
        <div className={onSkip ? styles.pair : undefined}>
          {onSkip ? (
            <button type="button" className={styles.second} onClick={onSkip}>
              {t('round.skip')}
            </button>
          ) : null}
          <button type="submit" className={styles.primary} disabled={pending}>
            <Check size="1.25rem" aria-hidden="true" />
            {isEmpty ? t('round.empty') : t('round.checked')}
          </button>
        </div>
      </footer>
    </form>
  );
}
