import { useRef, useState } from 'react';
import type { Flag } from '#contract/flags.ts';
import type { FlagId } from '#contract/ids.ts';
import { useTexts } from '../desk/desk-context.ts';
import { FlagEvidence } from '../evidence/FlagEvidence.tsx';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { FlagCalls } from './FlagCalls.tsx';
import { FlagCard } from './FlagCard.tsx';
import { FlagCourse } from './FlagCourse.tsx';
import styles from './FlagQueue.module.css';
import { isAlike } from './open-flags.ts';
import { PickedBar } from './PickedBar.tsx';
import type { StepOutcome, StepOutcomes } from './step-on-each.ts';

const NOBODY: ReadonlySet<FlagId> = new Set();
const NOTHING: StepOutcomes = new Map();

/** Rows that are drawn; the most urgent ones. */
const MAX_ROWS = 300;

/** The rows of the queue, any of which can be picked, to be answered as one; with them those alike that have no row. */
export function FlagQueue({ flags }: { flags: readonly Flag[] }) {
  const { t } = useTexts();
  const list = useRef<HTMLUListElement>(null);
  const [ids, setIds] = useState(NOBODY);
  const [outcomes, setOutcomes] = useState(NOTHING);
  const picked = flags.filter(({ id }) => ids.has(id));
  const [first, ...others] = picked;
  const alike = first ? flags.filter((flag) => isAlike(flag, first)) : [];

  const pick = (more: readonly Flag[]) => {
    setIds(new Set([...ids, ...more.map(({ id }) => id)]));
    setOutcomes(NOTHING);
  };
  const toggle = (flag: Flag) => {
    if (!ids.has(flag.id)) return pick([flag]);
    setIds(new Set([...ids].filter((id) => id !== flag.id)));
  };
  /** What was done is not picked any more; what failed is, for another attempt. */
  const settle = (next: StepOutcomes) => {
    setOutcomes(next);
    setIds((before) => {
      const failed = [...before].filter((id) => !isOver(next.get(id)));
      return new Set(failed);
    });
  };
  const move = ({ key }: KeyboardEvent) => {
    const boxes = [...(list.current?.querySelectorAll<HTMLInputElement>('input[data-pick]') ?? [])];
    const row = document.activeElement?.closest('li');
    const at = boxes.findIndex((box) => box.closest('li') === row);
    const next = boxes[at < 0 ? 0 : at + (key === 'ArrowDown' ? 1 : -1)];
    return next ? next.focus() : false;
  };
  useShortcuts('queue', true, {
    moveFlag: move,
    pickAlike: () => (first ? pick(alike) : false),
  });
  return (
    <>
      <ul ref={list} className={styles.rows}>
        {flags.slice(0, MAX_ROWS).map((flag) => (
          <Row
            key={flag.id}
            flag={flag}
            isPicked={ids.has(flag.id)}
            outcome={outcomes.get(flag.id)}
            onToggle={() => toggle(flag)}
          />
        ))}
        {flags.length > MAX_ROWS ? (
          <li className={styles.rest} data-rest>
            {t('flagsPage.rest', { most: MAX_ROWS })}
          </li>
        ) : null}
      </ul>
      {first || outcomes.size > 0 ? (
        <PickedBar
          picked={first ? [first, ...others] : undefined}
          alike={alike.length}
          outcomes={outcomes}
          onPickAlike={() => pick(alike)}
          onOutcome={settle}
          onClear={() => {
            setIds(NOBODY);
            setOutcomes(NOTHING);
          }}
        />
      ) : null}
    </>
  );
}

function isOver(outcome: StepOutcome | undefined): boolean {
  return outcome === 'done' || outcome === 'overtaken';
}

interface RowProps {
  flag: Flag;
  isPicked: boolean;
  outcome: StepOutcome | undefined;
  onToggle(): void;
}

function Row({ flag, isPicked, outcome, onToggle }: RowProps) {
  const { t } = useTexts();
  return (
    <li className={styles.row} data-picked={isPicked || undefined}>
      <label className={styles.pick} title={t('bulk.pick')}>
        <input
          type="checkbox"
          data-pick={flag.id}
          aria-label={`${t('bulk.pick')}: ${t(`categories.${flag.category}`)}`}
          checked={isPicked}
          onChange={onToggle}
        />
      </label>
      <div className={styles.flag}>
        <FlagCard flags={[flag]} placed />
        {outcome ? (
          <p className={styles.outcome} data-outcome={outcome} role="status">
            {isOver(outcome)
              ? t(outcome === 'done' ? 'bulk.done' : 'bulk.overtaken')
              : t('alarms.failed', {
                  reason: t(`errors.${outcome as Exclude<StepOutcome, 'done' | 'overtaken'>}`),
                })}
          </p>
        ) : null}
        <div className={styles.more}>
          <FlagCourse flag={flag} />
          <FlagEvidence flag={flag} />
          <FlagCalls flag={flag} />
        </div>
      </div>
    </li>
  );
}
