import { Ban } from 'lucide-react';
import { useState } from 'react';
import { pageOf } from '#contract/areas.ts';
import { AuditEntry } from '#contract/audit.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { byName } from '../i18n/by-name.ts';
import styles from './AuditPage.module.css';
import { PagedList } from './PagedList.tsx';
import { resourceName } from './resource-name.ts';
import { usePages } from './use-pages.ts';

const EntryPage = pageOf(AuditEntry);

/** What was done and refused, in plain words, newest first; chain by chain. */
export function EntriesView() {
  const { t, language } = useTexts();
  const registry = useLive((state) => state.registry);
  const [chain, setChain] = useState('nation');
  const [refusals, setRefusals] = useState(false);
  const query = new URLSearchParams({
    chain,
    order: 'desc',
    limit: '100',
    ...(refusals ? { outcome: 'refused' } : {}),
  });
  const pages = usePages(`/api/v1/audit/entries?${query}`, EntryPage);
  return (
    <>
      <div className={styles.form}>
        <label className={styles.field}>
          {t('audit.chain')}
          <select className={styles.input} value={chain} onChange={(event) => setChain(event.target.value)}>
            <option value="nation">{t('audit.nation')}</option>
            {(registry?.regions ?? []).toSorted(byName(language)).map(({ id, name }) => (
              <option key={id} value={id}>
                {name[language]}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.check}>
          <input type="checkbox" checked={refusals} onChange={(event) => setRefusals(event.target.checked)} />
          {t('audit.onlyRefused')}
        </label>
      </div>
      <PagedList
        pages={pages}
        label={t('audit.part.entries')}
        empty={t('audit.noEntries')}
        keyOf={({ chain: of, seq }) => `${of} ${seq}`}
      >
        {(entry) => <Row entry={entry} />}
      </PagedList>
    </>
  );
}

function Row({ entry }: { entry: AuditEntry }) {
  const { t, formats, language } = useTexts();
  const registry = useLive((state) => state.registry);
  const { seq, at, actor, action, resource, outcome, details, hash } = entry;
  const told = Object.entries(details);
  // A name with a dot would be read as a path of texts.
  const word = t(`audit.actions.${action.replaceAll('.', '_')}`, { defaultValue: action });
  return (
    <div className={styles.row}>
      <span className={styles.quiet}>
        {formats.dayAndTime(Date.parse(at))} · {t('audit.number', { seq })}
      </span>
      <span className={styles.who}>{t(`audit.actors.${actor.kind}`, { id: actor.id })}</span>
      <span>
        {word}
        {outcome === 'refused' ? (
          <span className={styles.refused}>
            {' '}
            <Ban size="0.875rem" aria-hidden="true" /> {t('audit.refused')}
          </span>
        ) : null}
      </span>
      <span className={styles.quiet}>{resourceName(resource, { t, language, registry })}</span>
      <details className={styles.details}>
        <summary>{t('audit.details')}</summary>
        <dl>
          {told.map(([name, value]) => [
            <dt key={`${name} name`}>{name}</dt>,
            <dd key={name}>{String(value)}</dd>,
          ])}
          <dt>action</dt>
          <dd>{action}</dd>
          <dt>resource</dt>
          <dd>{resource}</dd>
          <dt>hash</dt>
          <dd>{hash}</dd>
        </dl>
      </details>
    </div>
  );
}
