import { type FocusEvent, memo } from 'react';
import type { Flag } from '#contract/flags.ts';
import { useTexts } from '../desk/desk-context.ts';
import { FlagEvidence } from '../evidence/FlagEvidence.tsx';
import { FlagCalls } from './FlagCalls.tsx';
import { FlagCard } from './FlagCard.tsx';
import { FlagCourse } from './FlagCourse.tsx';
import styles from './FlagRow.module.css';
import { isStepOver, type StepOutcome } from './step-on-each.ts';

interface FlagRowProps {
  flag: Flag;
  isPicked: boolean;
  /** It stands beside the rows, with all that there is on it. */
  isShown: boolean;
  /** Its course and the rest fold open below it; otherwise they stand beside the rows. */
  folds: boolean;
  /** Its course stands open at first, where it folds. */
  isLinked: boolean;
  outcome: StepOutcome | undefined;
  onPick(flag: Flag, isPicked: boolean): void;
  /** The keyboard or a pointer came to it. */
  onUse(flagId: string): void;
}

/** One flag of the queue. Drawn again only when something about it changes: the keyboard goes past hundreds. */
export const FlagRow = memo(KnownFlagRow);

function KnownFlagRow({ flag, isPicked, isShown, folds, isLinked, outcome, onPick, onUse }: FlagRowProps) {
  const { t } = useTexts();
  return (
    <li
      className={styles.row}
      data-row={flag.id}
      data-picked={isPicked || undefined}
      aria-current={isShown || undefined}
      // A pointer that comes to its words comes to the row.
      tabIndex={-1}
      onFocus={(event) => {
        onUse(flag.id);
        focusBox(event);
      }}
    >
      <label className={styles.pick} title={t('bulk.pick')}>
        <input
          type="checkbox"
          data-pick={flag.id}
          aria-label={`${t('bulk.pick')}: ${t(`categories.${flag.category}`)}`}
          checked={isPicked}
          onChange={({ target }) => onPick(flag, target.checked)}
        />
      </label>
      <div className={styles.flag}>
        <FlagCard flags={[flag]} placed />
        {outcome ? <Outcome outcome={outcome} /> : null}
        {folds ? (
          <div className={styles.more}>
            <FlagCourse flag={flag} open={isLinked} />
            <FlagEvidence flag={flag} />
            <FlagCalls flag={flag} />
          </div>
        ) : null}
      </div>
    </li>
  );
}

/** The keys of a row are those of its box. */
function focusBox({ target, currentTarget }: FocusEvent<HTMLElement>): void {
  if (target === currentTarget)
    currentTarget.querySelector<HTMLElement>('input[data-pick]')?.focus({ preventScroll: true });
}

function Outcome({ outcome }: { outcome: StepOutcome }) {
  const { t } = useTexts();
  return (
    <p className={styles.outcome} data-outcome={outcome} role="status">
      {isStepOver(outcome)
        ? t(outcome === 'done' ? 'bulk.done' : 'bulk.overtaken')
        : t('alarms.failed', { reason: t(`errors.${outcome}`) })}
    </p>
  );
}
