import { Archive, CircleDashed, CircleSlash, Eraser } from 'lucide-react';
import type { Evidence } from '#contract/evidence.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { Custody } from './Custody.tsx';
import styles from './Evidence.module.css';
import { EvidenceActions } from './EvidenceActions.tsx';
import { EvidencePictures } from './EvidencePictures.tsx';
import { ManifestView } from './ManifestView.tsx';

const ICONS = { taking: CircleDashed, failed: CircleSlash, kept: Archive, erased: Eraser } as const;

/** One still and clip: what became of it, its pictures, what is signed of it, and what can be done with it. */
export function EvidenceItem({ evidence }: { evidence: Evidence }) {
  const { t, formats } = useTexts();
  const { who } = useDesk();
  const { state, cause } = evidence;
  const Icon = ICONS[state];
  return (
    <article className={styles.item} data-evidence={state}>
      <header className={styles.heading}>
        <span className={styles.state}>
          <Icon size="0.9375rem" aria-hidden="true" />
          {t(`evidence.states.${state}`)}
        </span>
        <span>{formats.dayAndTime(Date.parse(evidence.at))}</span>
        <span className={styles.quiet}>
          {cause.kind === 'flag' ? t('evidence.byFlag') : t('evidence.byPerson', { name: cause.by })}
        </span>
        {state === 'failed' ? <span>{t(`evidence.why.${evidence.why}`)}</span> : null}
      </header>
      {cause.kind === 'flag' ? null : <p className={styles.note}>{cause.reason}</p>}
      {state === 'kept' && evidence.sealedAt === undefined ? <EvidencePictures evidence={evidence} /> : null}
      {state === 'kept' && evidence.sealedAt !== undefined ? (
        <p className={styles.note}>
          {t('evidence.sealed', { time: formats.dayAndTime(Date.parse(evidence.sealedAt)) })}
        </p>
      ) : null}
      {state === 'erased' ? (
        <p>{t('evidence.erasedAt', { time: formats.dayAndTime(Date.parse(evidence.erasedAt)) })}</p>
      ) : null}
      {state === 'kept' || state === 'erased' ? <ManifestView manifest={evidence.manifest} /> : null}
      {mayDo(who, 'audit.read') ? <Custody evidenceId={evidence.id} /> : null}
      {state === 'kept' && evidence.sealedAt === undefined ? <EvidenceActions evidence={evidence} /> : null}
    </article>
  );
}
