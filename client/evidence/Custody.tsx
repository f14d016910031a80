import { EvidenceCustody } from '#contract/evidence.ts';
import { Fold } from '../design/Fold.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { useReading } from '../figures/use-figures.ts';
import styles from './Evidence.module.css';

/** Everything that was done with it, for outside control. */
export function Custody({ evidenceId }: { evidenceId: string }) {
  const { t } = useTexts();
  return (
    <Fold title={t('evidence.custody')}>
      <Rows evidenceId={evidenceId} />
    </Fold>
  );
}

function Rows({ evidenceId }: { evidenceId: string }) {
  const { t, formats } = useTexts();
  const { value, failure } = useReading(`/api/v1/evidence/${evidenceId}/custody`, EvidenceCustody);
  if (failure)
    return (
      <p role="alert" className={styles.failure}>
        {t('evidence.failed', { reason: t(`errors.${failure}`) })}
      </p>
    );
  if (!value) return <p>{t('evidence.loading')}</p>;
  return (
    <ol className={styles.lines}>
      {value.items.map(({ seq, at, actor, action }) => (
        <li key={seq}>
          <span className={styles.quiet}>
            {formats.dayAndTime(Date.parse(at))} · {t('audit.number', { seq })}
          </span>{' '}
          ·{' '}
          {t('evidence.custodyRow', {
            name: t(`audit.actors.${actor.kind}`, { id: actor.id }),
            action: t(`audit.actions.${action.replace('.', '_')}`, { defaultValue: action }),
          })}
        </li>
      ))}
    </ol>
  );
}
