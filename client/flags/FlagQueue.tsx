import { useCallback, useEffect, useRef, useState } from 'react';
import type { Flag } from '#contract/flags.ts';
import type { FlagId } from '#contract/ids.ts';
import { useTexts } from '../desk/desk-context.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import styles from './FlagQueue.module.css';
import { FlagRow } from './FlagRow.tsx';
import { isAlike } from './open-flags.ts';
import { PickedBar } from './PickedBar.tsx';
import {
  focusedFlagId,
  focusedRow,
  focusRow,
  hasOwnKeys,
  isInDetail,
  openFold,
  showStill,
} from './queue-keys.ts';
import { nextPlace } from './queue-place.ts';
import { isStepOver, type StepOutcomes } from './step-on-each.ts';
import { useShowArea } from './use-show-area.ts';

const NOBODY: ReadonlySet<FlagId> = new Set();
const NOTHING: StepOutcomes = new Map();

/** Rows that are drawn; the most urgent ones. */
export const MAX_ROWS = 300;

interface FlagQueueProps {
  flags: readonly Flag[];
  /** The flag that is looked at. @default none */
  chosen?: string | undefined;
  /** The flag that a link led to. @default none */
  linked?: string | undefined;
  /** What there is on a flag folds open below its row; otherwise the chosen one has it beside the rows. @default true */
  folds?: boolean;
  onChoose?(flagId: string): void;
}

/** The rows of the queue, any of which can be picked, to be answered as one; with them those alike that have no row. */
export function FlagQueue({ flags, chosen, linked, folds = true, onChoose = ignore }: FlagQueueProps) {
  const { t } = useTexts();
  const show = useShowArea();
  const [ids, setIds] = useState(NOBODY);
  const [outcomes, setOutcomes] = useState(NOTHING);
  const rows = flags.slice(0, MAX_ROWS);
  const picked = flags.filter(({ id }) => ids.has(id));
  const [first, ...others] = picked;
  const alike = first ? flags.filter((flag) => isAlike(flag, first)) : [];

  const pick = (more: readonly Flag[]) => {
    setIds(new Set([...ids, ...more.map(({ id }) => id)]));
    setOutcomes(NOTHING);
  };
  const toggle = useCallback(({ id }: Flag, isPicked: boolean) => {
    setIds((before) => new Set(isPicked ? [...before, id] : [...before].filter((one) => one !== id)));
    if (isPicked) setOutcomes(NOTHING);
  }, []);
  /** What was done is not picked any more; what failed is, for another attempt. */
  const settle = (next: StepOutcomes) => {
    setOutcomes(next);
    setIds((before) => {
      const failed = [...before].filter((id) => !isStepOver(next.get(id)));
      return new Set(failed);
    });
  };

  const placeOf = (flagId: string | undefined) => rows.findIndex(({ id }) => id === flagId);
  const last = useRef<number>(undefined);
  const place = placeOf(chosen);
  if (place >= 0) last.current = place;
  const move = ({ key, target }: KeyboardEvent) => {
    // There the arrows scroll.
    if (isInDetail(target)) return false;
    const at = placeOf(focusedFlagId() ?? chosen);
    const next = rows[nextPlace({ at, last: last.current, isDown: key === 'ArrowDown' })];
    return next ? focusRow(next.id) : false;
  };
  const showFlag = ({ target }: KeyboardEvent) => {
    const flag = hasOwnKeys(target) ? undefined : rows[placeOf(focusedFlagId() ?? chosen)];
    return flag ? show([flag]) : false;
  };
  useShortcuts('queue', true, {
    moveFlag: move,
    showFlag,
    pickAlike: () => (first ? pick(alike) : false),
  });
  useShortcuts('queue', folds, {
    toDetail: () => openFold('course'),
    showStill: ({ repeat }) =>
      !repeat && (showStill(focusedRow()) === false ? openFold('evidence') : undefined),
  });
  useLedTo(linked, placeOf(linked) >= 0);
  return (
    <>
      <ul className={styles.rows}>
        {rows.map((flag) => (
          <FlagRow
            key={flag.id}
            flag={flag}
            isPicked={ids.has(flag.id)}
            isShown={!folds && flag.id === chosen}
            folds={folds}
            isLinked={flag.id === linked}
            outcome={outcomes.get(flag.id)}
            onPick={toggle}
            onUse={onChoose}
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

function ignore(): void {}

/** Brings the row that a link led to into sight, once: whoever reads on is not taken back to it. */
function useLedTo(linked: string | undefined, isThere: boolean): void {
  const led = useRef<string>(undefined);
  useEffect(() => {
    if (linked === undefined || !isThere || led.current === linked) return;
    led.current = linked;
    document
      .querySelector(`li[data-row="${CSS.escape(linked)}"]`)
      ?.scrollIntoView({ block: 'center', behavior: 'instant' });
  }, [linked, isThere]);
}
