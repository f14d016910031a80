import { useTexts } from '../desk/desk-context.ts';
import { FlagCard } from '../flags/FlagCard.tsx';
import { useFlagSteps } from '../flags/use-flag-steps.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import styles from './FocusFlags.module.css';
import type { TileData } from './tile-data.ts';

/** The open flags of an enlarged area. A takes all of them that nobody has, as the button of each card takes its own. */
export function FocusFlags({ flags }: Pick<TileData, 'flags'>) {
  const { t } = useTexts();
  const steps = useFlagSteps(flags);
  useShortcuts('focus', true, {
    acknowledgeHere: () => (steps.mayAcknowledge && !steps.pending ? steps.acknowledge() : false),
  });
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{t('focus.flags')}</h3>
      {flags.length === 0 ? <p className={styles.none}>{t('focus.noFlags')}</p> : null}
      {steps.failure ? (
        <p className={styles.failure} role="alert">
          {t('alarms.failed', { reason: t(`errors.${steps.failure}`) })}
        </p>
      ) : null}
      {flags.map((flag) => (
        <FlagCard key={flag.id} flags={[flag]} placed={false} />
      ))}
    </section>
  );
}
