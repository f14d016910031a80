import type { ComponentType } from 'react';
import { Link, useParams } from 'wouter';
import { useTexts } from '../desk/desk-context.ts';
import { EvidenceView } from '../evidence/EvidenceView.tsx';
import styles from './AuditPage.module.css';
import { EntriesView } from './EntriesView.tsx';
import { HoldsView } from './HoldsView.tsx';
import { AUDIT_PARTS, type AuditPart, auditPath } from './parts.ts';
import { SealsView } from './SealsView.tsx';
import { ViewingsView } from './ViewingsView.tsx';
import { WatchingView } from './WatchingView.tsx';

const VIEWS: Record<AuditPart, ComponentType> = {
  viewings: ViewingsView,
  watching: WatchingView,
  entries: EntriesView,
  seals: SealsView,
  holds: HoldsView,
  evidence: EvidenceView,
};

/** For outside control: who watched whom, what was done and refused, whether the record is whole, what is preserved. */
export function AuditPage() {
  const { t } = useTexts();
  const wanted = useParams()['*'];
  const part = AUDIT_PARTS.find((name) => name === wanted) ?? AUDIT_PARTS[0];
  const Content = VIEWS[part];
  return (
    <section className={styles.page} aria-label={t('audit.title')}>
      <header className={styles.header}>
        <h1 className={styles.title}>{t('audit.title')}</h1>
        <nav aria-label={t('audit.parts')}>
          <ul className={styles.parts}>
            {AUDIT_PARTS.map((name) => (
              <li key={name}>
                <Link
                  href={auditPath(name)}
                  className={styles.part}
                  aria-current={name === part ? 'page' : undefined}
                >
                  {t(`audit.part.${name}`)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <div className={styles.body}>
        <Content />
      </div>
    </section>
  );
}
