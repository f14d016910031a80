import { useState } from 'react';
import type { Flag } from '#contract/flags.ts';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { FLAGS_DIALOGS, type FlagsQuestion } from './flags-dialogs.ts';
import styles from './PickedBar.module.css';
import { countOutcomes, type StepOutcomes } from './step-on-each.ts';
import { useFlagSteps } from './use-flag-steps.ts';

interface PickedBarProps {
  /** Undefined when all that were picked are dealt with, and only what became of them is told. */
  picked: readonly [Flag, ...Flag[]] | undefined;
  /** Flags that say the same as the first one picked. */
  alike: number;
  outcomes: StepOutcomes;
  onPickAlike(): void;
  onOutcome(outcomes: StepOutcomes): void;
  onClear(): void;
}

/** What can be done with the flags that are picked, as one action; and what became of each of them. */
export function PickedBar({ picked, alike, outcomes, onPickAlike, onOutcome, onClear }: PickedBarProps) {
  const { t } = useTexts();
  const steps = useFlagSteps(picked ?? [], onOutcome);
  const [asking, setAsking] = useState<FlagsQuestion>();
  const [unshelvable, setUnshelvable] = useState<PickedBarProps['picked']>();
  useShortcuts('queue', asking === undefined, {
    acknowledgeFlags: () => (steps.mayAcknowledge && !steps.pending ? steps.acknowledge() : false),
    assignFlags: () => (steps.mayAssign ? setAsking('assign') : false),
    shelveFlags: () => (steps.mayShelve ? setAsking('shelve') : steps.shelves && setUnshelvable(picked)),
    closeFlags: () => (steps.mayClose ? setAsking('close') : false),
  });
  const counts = countOutcomes(outcomes);
  const Dialog = asking && FLAGS_DIALOGS[asking];
  return (
    <section className={styles.bar} aria-label={t('bulk.title')} data-picked-count={picked?.length ?? 0}>
      <p className={styles.told} role="status">
        {picked ? <strong>{t('bulk.picked', { count: picked.length })}</strong> : null}
        {picked && unshelvable === picked ? <span>{t('shelve.cannot')}</span> : null}
        {outcomes.size > 0 ? (
          <span data-failed={counts.failed || undefined}>
            {t('bulk.outcome', { done: counts.done + counts.overtaken, failed: counts.failed })}
          </span>
        ) : null}
      </p>
      {picked && alike > picked.length ? (
        <Button look="quiet" onClick={onPickAlike}>
          {t('bulk.alike', { count: alike })}
        </Button>
      ) : null}
      {steps.mayAcknowledge ? (
        <Button look="primary" disabled={steps.pending} onClick={steps.acknowledge}>
          {t('alarms.acknowledge')}
        </Button>
      ) : null}
      {steps.mayAssign ? (
        <Button disabled={steps.pending} onClick={() => setAsking('assign')}>
          {t('assign.action')}
        </Button>
      ) : null}
      {steps.mayShelve ? (
        <Button disabled={steps.pending} onClick={() => setAsking('shelve')}>
          {t('shelve.action')}
        </Button>
      ) : null}
      {steps.mayUnshelve ? (
        <Button disabled={steps.pending} onClick={steps.unshelve}>
          {t('shelve.back')}
        </Button>
      ) : null}
      {steps.mayClose ? (
        <Button disabled={steps.pending} onClick={() => setAsking('close')}>
          {t('alarms.resolve')}
        </Button>
      ) : null}
      <Button look="quiet" onClick={onClear}>
        {t(picked ? 'bulk.clear' : 'bulk.putAway')}
      </Button>
      {Dialog && picked ? (
        <Dialog flags={picked} onOutcome={onOutcome} onClose={() => setAsking(undefined)} />
      ) : null}
    </section>
  );
}
