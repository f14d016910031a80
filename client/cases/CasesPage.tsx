import { useVirtualizer } from '@tanstack/react-virtual';
import { RefreshCw, Search, Users } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useLive, useTexts, useView } from '../desk/desk-context.ts';
import { CaseRowView, PlaceRow } from './CaseRowView.tsx';
import styles from './CasesPage.module.css';
import { type CaseOrder, type CaseRow, caseRows } from './case-rows.ts';
import { useCases } from './use-cases.ts';

const ORDERS: readonly CaseOrder[] = ['urgent', 'place'];
/** Rows are put in order anew so often, as clocks reach their levels. */
const PERIOD_MS = 10_000;

/** Everybody in custody now, most pressing clock first, within the wall's filter. */
export function CasesPage() {
  const { t, formats } = useTexts();
  const { selection, serverClock } = useDesk();
  const { cases, atMs, loading, failure, refresh } = useCases();
  const [text, setText] = useState('');
  const [order, setOrder] = useState<CaseOrder>('urgent');
  const filter = useView((state) => state.filter);
  const areas = useStore(selection.store, (state) => state.matched);
  const registry = useLive((state) => state.registry);
  const wanted = useDeferredValue(text);
  const nowMs = usePeriodically(serverClock.nowMs);
  const rows = useMemo(
    () => caseRows(cases, { filter, matched: new Set(areas), text: wanted, order, registry, nowMs }),
    [cases, filter, areas, wanted, order, registry, nowMs],
  );
  const count = rows.filter(({ kind }) => kind === 'case').length;
  return (
    <section className={styles.page} aria-label={t('cases.title')}>
      <header className={styles.header}>
        <h1 className={styles.title}>{t('cases.title')}</h1>
        <span className={styles.count}>{t('cases.count', { count })}</span>
        <label className={styles.search}>
          <Search size="0.9375rem" aria-hidden="true" />
          <input
            type="search"
            className={styles.input}
            value={text}
            maxLength={64}
            placeholder={t('cases.search')}
            aria-label={t('cases.search')}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <fieldset className={styles.orders}>
          <legend className={styles.hidden}>{t('cases.order')}</legend>
          {ORDERS.map((one) => (
            <button
              key={one}
              type="button"
              className={styles.order}
              aria-pressed={one === order}
              onClick={() => setOrder(one)}
            >
              {t(`cases.orders.${one}`)}
            </button>
          ))}
        </fieldset>
        <span className={styles.age} data-worry={failure !== undefined || undefined} role="status">
          {atMs === undefined
            ? loading && cases.length > 0
              ? t('cases.partly')
              : ''
            : t(failure ? 'cases.failedStale' : 'cases.asOf', { time: formats.moment(atMs, nowMs) })}
        </span>
        <Button look="quiet" iconOnly aria-label={t('cases.refresh')} disabled={loading} onClick={refresh}>
          <RefreshCw size="1rem" aria-hidden="true" />
        </Button>
      </header>
      <Body
        rows={rows}
        isKnown={atMs !== undefined || cases.length > 0}
        isEmpty={cases.length === 0}
        isSearched={text.trim() !== ''}
        failed={atMs === undefined && failure !== undefined ? t(`errors.${failure}`) : undefined}
        onRetry={refresh}
      />
    </section>
  );
}

interface BodyProps {
  rows: readonly CaseRow[];
  isKnown: boolean;
  isEmpty: boolean;
  isSearched: boolean;
  failed: string | undefined;
  onRetry(): void;
}

function Body({ rows, isKnown, isEmpty, isSearched, failed, onRetry }: BodyProps) {
  const { t } = useTexts();
  if (failed !== undefined)
    return (
      <Notice title={t('cases.failed')} hint={failed} role="alert">
        <Button look="primary" onClick={onRetry}>
          {t('cases.retry')}
        </Button>
      </Notice>
    );
  if (!isKnown) return <Notice title={t('cases.loading')} />;
  if (isEmpty) return <Notice icon={Users} title={t('cases.empty')} hint={t('cases.emptyHint')} />;
  if (rows.length === 0)
    return isSearched ? (
      <Notice title={t('cases.emptySearch')} />
    ) : (
      <Notice title={t('cases.emptyFilter')} hint={t('wall.emptyFilterHint')} />
    );
  return <Rows rows={rows} />;
}

/** Only the rows that can be seen are in the document: a country has thousands. */
function Rows({ rows }: { rows: readonly CaseRow[] }) {
  const list = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => list.current,
    estimateSize: () => 52,
    overscan: 12,
    getItemKey: (index) => {
      const row = rows[index];
      return row?.kind === 'case'
        ? `${row.summary.facilityId}/${row.summary.caseId}`
        : (row?.facilityId ?? index);
    },
  });
  return (
    <div ref={list} className={styles.list}>
      <ul className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className={styles.slot}
              style={{ transform: `translateY(${start}px)` }}
            >
              {row?.kind === 'case' ? <CaseRowView summary={row.summary} clock={row.clock} /> : null}
              {row?.kind === 'place' ? <PlaceRow facilityId={row.facilityId} count={row.count} /> : null}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function usePeriodically(read: () => number): number {
  const [value, setValue] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setValue(read()), PERIOD_MS);
    return () => clearInterval(timer);
  }, [read]);
  return value;
}
