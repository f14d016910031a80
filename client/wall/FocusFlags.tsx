import type { AreaId } from '#contract/ids.ts';
import { useTexts } from '../desk/desk-context.ts';
import { FlagCard } from '../flags/FlagCard.tsx';
import { useFlagSteps } from '../flags/use-flag-steps.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { areaOfCard, cardInHand } from './card-in-hand.ts';
import styles from './FocusFlags.module.css';
import type { TileData } from './tile-data.ts';

/** The open flags of an enlarged area. A takes all of them that nobody has, as the button of each card takes its own. */
export function FocusFlags({ areaId, flags }: Pick<TileData, 'flags'> & { areaId: AreaId }) {
  const { t } = useTexts();
  const steps = useFlagSteps(flags);
  useShortcuts('focus', true, {
    acknowledgeHere() {
      const card = cardInHand();
      // Whoever stands on the alarm of another area does not mean this one.
      if (card && areaOfCard(card) !== areaId) return false;
      return steps.mayAcknowledge && !steps.pending ? steps.acknowledge() : false;
    },
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
