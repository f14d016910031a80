import type { DigestCell, DigestReply } from '#contract/figures.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { nameOrder } from '../i18n/by-name.ts';
import styles from './DigestPage.module.css';
import { DIGEST_GROUPS, type DigestGroup, lawSources } from './digest-groups.ts';
import { daysOfMonth, monthName } from './months.ts';
import { useNumbers } from './use-numbers.ts';

/** The digest as a publication: the nation first, then a table a page, then how it was counted and by what law. */
export function DigestSheet({ digest }: { digest: DigestReply }) {
  return (
    <article className={styles.sheet}>
      <Front digest={digest} />
      {DIGEST_GROUPS.map((group) => (
        <GroupTable key={group.id} digest={digest} group={group} />
      ))}
      <Method digest={digest} />
    </article>
  );
}

function Front({ digest }: { digest: DigestReply }) {
  const { t, language, formats } = useTexts();
  const { from, to } = daysOfMonth(digest.month);
  const reporting = digest.rows.filter((row) => row.reporting).length;
  const day = new Intl.DateTimeFormat(language === 'uk' ? 'uk-UA' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC',
  });
  return (
    <header className={styles.front}>
      <p className={styles.maker}>{t('figures.digestMaker')}</p>
      <h1 className={styles.title}>
        {t('figures.digestTitle', { month: monthName(digest.month, language) })}
      </h1>
      <p className={styles.lead}>{t('figures.digestLead')}</p>
      {digest.sample ? <p className={styles.warning}>{t('figures.sample')}</p> : null}
      {digest.provisional || !digest.complete ? (
        <p className={styles.warning}>
          {t('figures.provisional', { time: formats.dayAndTime(Date.parse(digest.asOf)) })}
        </p>
      ) : null}
      <dl className={styles.facts}>
        <dt>{t('figures.period')}</dt>
        <dd>
          {t('figures.digestPeriod', {
            from: day.format(Date.parse(`${from}T12:00:00Z`)),
            to: day.format(Date.parse(`${to}T12:00:00Z`)),
          })}
        </dd>
        <dt>{t('figures.digestPlaces')}</dt>
        <dd>{t('figures.digestReporting', { reporting, all: digest.rows.length })}</dd>
        <dt>{t('figures.digestSources')}</dt>
        <dd>{t('figures.digestSourcesText')}</dd>
      </dl>
      <h2 className={styles.heading}>{t('figures.digestNation')}</h2>
      <div className={styles.groups}>
        {DIGEST_GROUPS.map((group) => (
          <section key={group.id}>
            <h3 className={styles.groupName}>{t(`figures.digestGroups.${group.id}`)}</h3>
            <dl className={styles.totals}>
              {group.columns.map((column) => (
                <div key={column} data-total={column}>
                  <dt>{t(`figures.digestColumns.${column}`)}</dt>
                  <dd>
                    <Cell cell={digest.total[column]} smallest={digest.smallest} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </header>
  );
}

function GroupTable({ digest, group }: { digest: DigestReply; group: DigestGroup }) {
  const { t, language } = useTexts();
  const registry = useLive((state) => state.registry);
  const { smallest, rows, total } = digest;
  const nameOf = (regionId: string) => registry?.regionById[regionId]?.name[language] ?? regionId;
  const inOrder = nameOrder(language);
  const named = rows.toSorted((a, b) => inOrder(nameOf(a.regionId), nameOf(b.regionId)));
  return (
    <section className={styles.part}>
      <h2 className={styles.heading}>
        {t(`figures.digestGroups.${group.id}`)}
        <span className={styles.running}>
          {monthName(digest.month, language)}
          {digest.sample ? ` · ${t('figures.sampleShort')}` : ''}
        </span>
      </h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('figures.region')}</th>
            {group.columns.map((column) => (
              <th key={column} scope="col">
                {t(`figures.digestColumns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {named.map(({ regionId, reporting, cells }) => (
            <tr key={regionId} data-region={regionId}>
              <th scope="row">{nameOf(regionId)}</th>
              {reporting ? (
                group.columns.map((column) => (
                  <td key={column} data-column={column} data-label={t(`figures.digestColumns.${column}`)}>
                    <Cell cell={cells[column]} smallest={smallest} />
                  </td>
                ))
              ) : (
                <td colSpan={group.columns.length} className={styles.noData}>
                  {t('figures.noData')}
                </td>
              )}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('figures.total')}</th>
            {group.columns.map((column) => (
              <td key={column} data-column={column} data-label={t(`figures.digestColumns.${column}`)}>
                <Cell cell={total[column]} smallest={smallest} />
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
      <p className={styles.legend}>{t('figures.digestLegend', { smallest })}</p>
    </section>
  );
}

function Method({ digest }: { digest: DigestReply }) {
  const { t, language, formats } = useTexts();
  const limits = useLive((state) => state.registry?.limits);
  const notes = t('figures.digestNotes', { returnObjects: true, smallest: digest.smallest });
  return (
    <section className={styles.part}>
      <h2 className={styles.heading}>{t('figures.method')}</h2>
      <ul className={styles.notes}>
        {(Array.isArray(notes) ? notes : []).map((note) => (
          <li key={String(note)}>{String(note)}</li>
        ))}
      </ul>
      <h2 className={styles.heading}>{t('figures.digestLaw')}</h2>
      <ul className={styles.notes}>
        {lawSources(Object.values(limits ?? {}), language).map((source) => (
          <li key={source}>{source}</li>
        ))}
      </ul>
      <p className={styles.made}>
        {t('figures.madeAt', { time: formats.dayAndTime(Date.parse(digest.asOf)) })}
      </p>
    </section>
  );
}

function Cell({ cell, smallest }: { cell: DigestCell | undefined; smallest: number }) {
  const { t } = useTexts();
  const { count } = useNumbers();
  if (cell?.is === 'value') return count(cell.value, Number.isInteger(cell.value) ? 0 : 1);
  if (cell?.is === 'none') return '–';
  if (cell?.is === 'few') return `<${smallest}`;
  return <span title={t('figures.hiddenCell')}>×</span>;
}
