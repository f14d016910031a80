import { ChevronLeft, ChevronRight, Download, Printer } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { FiguresReply } from '#contract/figures.ts';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { byName } from '../i18n/by-name.ts';
import { DayChart } from './DayChart.tsx';
import { DayField } from './DayField.tsx';
import styles from './FiguresPage.module.css';
import { KeyFigures } from './KeyFigures.tsx';
import { LimitTable } from './LimitTable.tsx';
import { daysOfMonth, monthName } from './months.ts';
import { PlaceTable } from './PlaceTable.tsx';
import { useReading } from './use-figures.ts';
import { useMonth } from './use-month.ts';

/** What places have to account for: a month or a free period, the nation, a region or a facility. */
export function FiguresPage() {
  const { t, language, formats } = useTexts();
  const registry = useLive((state) => state.registry);
  const { month, shift } = useMonth();
  const [free, setFree] = useState<{ from: string; to: string }>();
  const [region, setRegion] = useState('');
  const [facility, setFacility] = useState('');
  const period = free ?? daysOfMonth(month);
  const query = new URLSearchParams({ ...period, ...(facility ? { facility } : region ? { region } : {}) });
  const { value, loading, failure, retry } = useReading(`/api/v1/figures?${query}`, FiguresReply);
  return (
    <section className={styles.page} aria-label={t('figures.title')}>
      <header className={styles.header}>
        <h1 className={styles.title}>{t('figures.title')}</h1>
        <fieldset className={styles.period}>
          <legend className={styles.hidden}>{t('figures.period')}</legend>
          <Button
            look="quiet"
            iconOnly
            aria-label={t('figures.earlier')}
            onClick={() => {
              setFree(undefined);
              shift(-1);
            }}
          >
            <ChevronLeft size="1rem" aria-hidden="true" />
          </Button>
          <span className={styles.month}>{monthName(month, language)}</span>
          <Button
            look="quiet"
            iconOnly
            aria-label={t('figures.later')}
            onClick={() => {
              setFree(undefined);
              shift(1);
            }}
          >
            <ChevronRight size="1rem" aria-hidden="true" />
          </Button>
          {(['from', 'to'] as const).map((end) => (
            <DayField
              key={end}
              label={t(`figures.${end}`)}
              day={period[end]}
              onDay={(day) => setFree({ ...period, [end]: day })}
            />
          ))}
        </fieldset>
        <label className={styles.date}>
          {t('figures.region')}
          <select
            className={styles.input}
            value={region}
            onChange={(event) => {
              setRegion(event.target.value);
              setFacility('');
            }}
          >
            <option value="">{t('figures.everything')}</option>
            {(registry?.regions ?? []).toSorted(byName(language)).map((one) => (
              <option key={one.id} value={one.id}>
                {one.name[language]}
              </option>
            ))}
          </select>
        </label>
        {region === '' ? null : (
          <label className={styles.date}>
            {t('figures.facility')}
            <select
              className={styles.input}
              value={facility}
              onChange={(event) => setFacility(event.target.value)}
            >
              <option value="">{t('figures.everything')}</option>
              {(registry?.facilities ?? [])
                .filter(({ regionId }) => regionId === region)
                .map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.shortName[language]}
                  </option>
                ))}
            </select>
          </label>
        )}
        <span className={styles.links}>
          {(['csv', 'json'] as const).map((format) => (
            <a
              key={format}
              className={styles.link}
              href={`/api/v1/figures?${query}&format=${format}`}
              download={`varta-${period.from}-${period.to}.${format}`}
            >
              <Download size="0.9375rem" aria-hidden="true" />
              {format.toUpperCase()}
            </a>
          ))}
          <Link className={styles.link} href={`/figures/digest?month=${month}`}>
            <Printer size="0.9375rem" aria-hidden="true" />
            {t('figures.digest')}
          </Link>
        </span>
      </header>
      {value === undefined ? (
        failure ? (
          <Notice title={t('figures.failed')} hint={t(`errors.${failure}`)} role="alert">
            <Button look="primary" onClick={retry}>
              {t('figures.retry')}
            </Button>
          </Notice>
        ) : (
          <Notice title={t('figures.loading')} />
        )
      ) : (
        <div className={styles.body} aria-busy={loading}>
          <p className={styles.state} role="status">
            {failure
              ? t('figures.stale', { reason: t(`errors.${failure}`) })
              : t('figures.asOf', { time: formats.dayAndTime(Date.parse(value.asOf)) })}
            {value.complete ? '' : ` ${t('figures.incomplete')}`}
          </p>
          <KeyFigures figures={value.total.figures} days={elapsedDays(value)} />
          <DayChart days={value.days} />
          <PlaceTable
            rows={value.rows}
            onOpen={(place) => {
              if (place.kind === 'region' || place.kind === 'facility') setRegion(place.regionId);
              setFacility(place.kind === 'facility' ? place.facilityId : '');
            }}
          />
          <LimitTable limits={value.total.figures.limits} />
        </div>
      )}
    </section>
  );
}

/** Days of the period that have begun. */
function elapsedDays({ days, asOf, timeZone }: FiguresReply): number {
  const today = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(Date.parse(asOf));
  return days.filter(({ day }) => day <= today).length;
}
