import { useEffect, useState } from 'react';
import { EvidenceList } from '#contract/evidence.ts';
import type { Flag } from '#contract/flags.ts';
import type { WhoAmI } from '#contract/session.ts';
import { Button } from '../design/Button.tsx';
import { Fold } from '../design/Fold.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useReading } from '../figures/use-figures.ts';
import { mayDo } from '../session/session.ts';
import styles from './Evidence.module.css';
import { EvidenceItem } from './EvidenceItem.tsx';
import { TakeDialog } from './TakeDialog.tsx';

/** How often it is asked again while something is being taken. */
const AGAIN_MS = 2_000;

/** Stills and clips of a flag, for those who may see them. Asked for when it is opened; no picture before it is wanted. */
export function FlagEvidence({ flag }: { flag: Flag }) {
  const { t } = useTexts();
  const { who } = useDesk();
  if (!hasEvidence(flag, who)) return null;
  return (
    <Fold name="evidence" title={t('evidence.title')} strip>
      <EvidenceRows flag={flag} />
    </Fold>
  );
}

/** Whether somebody may see stills and clips of a flag. One on a whole facility has no picture. */
export function hasEvidence({ areaId }: Flag, who: Pick<WhoAmI, 'actions'>): boolean {
  return areaId !== undefined && mayDo(who, 'evidence.read');
}

/** Stills and clips of a flag, for where they need not be folded away. They are asked for at once, their pictures are not. */
export function EvidenceRows({ flag }: { flag: Flag }) {
  const { t } = useTexts();
  const { who } = useDesk();
  const [taking, setTaking] = useState(false);
  const { value, failure, retry } = useReading(`/api/v1/flags/${flag.id}/evidence`, EvidenceList);
  const isWaiting = value?.items.some(({ state }) => state === 'taking') === true;
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(retry, AGAIN_MS);
    return () => clearInterval(timer);
  }, [isWaiting, retry]);
  if (!value)
    return failure ? (
      <p role="alert" className={styles.failure}>
        {t('evidence.failed', { reason: t(`errors.${failure}`) })}{' '}
        <Button look="quiet" onClick={retry}>
          {t('evidence.retry')}
        </Button>
      </p>
    ) : (
      <p aria-busy="true">{t('evidence.loading')}</p>
    );
  if (!value.isKept) return <p>{t('evidence.off')}</p>;
  const mayTake = mayDo(who, 'evidence.take') && value.feeds.length > 0;
  return (
    <>
      {value.items.length === 0 ? <p>{t('evidence.none')}</p> : null}
      <ol className={styles.items} aria-live="polite">
        {value.items.map((evidence) => (
          <li key={evidence.id}>
            <EvidenceItem evidence={evidence} />
          </li>
        ))}
      </ol>
      {mayTake ? <Button onClick={() => setTaking(true)}>{t('evidence.take')}</Button> : null}
      {taking ? (
        <TakeDialog flag={flag} feeds={value.feeds} onClose={() => setTaking(false)} onTaken={retry} />
      ) : null}
    </>
  );
}
