import { Printer } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { DIGEST_COLUMNS, type DigestCell, DigestReply, Month } from '#contract/figures.ts';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import styles from './DigestPage.module.css';
import { monthName, monthOf } from './months.ts';
import { useReading } from './use-figures.ts';
import { useNumbers } from './use-numbers.ts';

/** The month on paper, fit to publish: by region, no personal data, small numbers kept back, and how it was counted. */
export function DigestPage() {
  const { t } = useTexts();
  const { serverClock } = useDesk();
  const [month] = useState(() => {
    const asked = Month.safeParse(new URLSearchParams(location.search).get('month'));
    return asked.success ? asked.data : monthOf(serverClock.nowMs(), 'Europe/Kyiv');
  });
  const { value, failure, retry } = useReading(`/api/v1/figures/digest?month=${month}`, DigestReply);
  if (value) return <Sheet digest={value} />;
  if (!failure) return <Notice title={t('figures.loading')} />;
  return (
    <Notice title={t('figures.failed')} hint={t(`errors.${failure}`)} role="alert">
      <Button look="primary" onClick={retry}>
        {t('figures.retry')}
      </Button>
    </Notice>
  );
}

function Sheet({ digest }: { digest: DigestReply }) {
  const { t, language, formats } = useTexts();
  const registry = useLive((state) => state.registry);
  const notes = t('figures.digestNotes', { returnObjects: true, smallest: digest.smallest });
  return (
    <div className={styles.page}>
      <nav className={styles.tools}>
        <Link href="/figures">{t('figures.back')}</Link>
        <Button look="primary" onClick={() => print()}>
          <Printer size="1rem" aria-hidden="true" />
          {t('figures.print')}
        </Button>
      </nav>
      <article className={styles.sheet}>
        <header>
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
        </header>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('figures.region')}</th>
              {DIGEST_COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {t(`figures.digestColumns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {digest.rows.map(({ regionId, reporting, cells }) => (
              <tr key={regionId}>
                <th scope="row">{registry?.regionById[regionId]?.name[language] ?? regionId}</th>
                {reporting ? (
                  DIGEST_COLUMNS.map((column) => (
                    <td key={column}>
                      <Cell cell={cells[column]} smallest={digest.smallest} />
                    </td>
                  ))
                ) : (
                  <td colSpan={DIGEST_COLUMNS.length} className={styles.noData}>
                    {t('figures.noData')}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('figures.total')}</th>
              {DIGEST_COLUMNS.map((column) => (
                <td key={column}>
                  <Cell cell={digest.total[column]} smallest={digest.smallest} />
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
        <section className={styles.notes}>
          <h2>{t('figures.method')}</h2>
          <ul>
            {(Array.isArray(notes) ? notes : []).map((note) => (
              <li key={String(note)}>{String(note)}</li>
            ))}
          </ul>
          <p>{t('figures.madeAt', { time: formats.dayAndTime(Date.parse(digest.asOf)) })}</p>
        </section>
      </article>
    </div>
  );
}

function Cell({ cell, smallest }: { cell: DigestCell | undefined; smallest: number }) {
  const { t } = useTexts();
  const { count } = useNumbers();
  if (cell?.is === 'value') return count(cell.value);
  if (cell?.is === 'few') return `<${smallest}`;
  return <span title={t('figures.hiddenCell')}>×</span>;
}
