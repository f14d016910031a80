import { useState } from 'react';
import { type ReportedViewing, ViewingPage } from '#contract/viewings.ts';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { purposeName } from '../purposes/purpose-name.ts';
import styles from './AuditPage.module.css';
import { PagedList } from './PagedList.tsx';
import { PlaceFields } from './PlaceFields.tsx';
import { PlaceName } from './PlaceName.tsx';
import { usePages } from './use-pages.ts';

const ANYTHING = { person: '', facility: '', area: '', case: '', from: '', to: '' };

/** Who watched whom: by person, place, case and time. */
export function ViewingsView() {
  const { t } = useTexts();
  const [draft, setDraft] = useState(ANYTHING);
  const [wanted, setWanted] = useState(ANYTHING);
  const pages = usePages(`/api/v1/audit/viewings?${toQuery(wanted)}`, ViewingPage);
  const text = (name: 'person' | 'case') => ({
    className: styles.input,
    value: draft[name],
    maxLength: 64,
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: event.target.value }),
  });
  return (
    <>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          setWanted(draft);
        }}
      >
        <label className={styles.field}>
          {t('audit.person')}
          <input type="search" {...text('person')} />
        </label>
        <PlaceFields
          facility={draft.facility}
          area={draft.area}
          onChange={({ facility, area }) =>
            setDraft({ ...draft, facility, area, case: facility === '' ? '' : draft.case })
          }
        />
        <label className={styles.field}>
          {t('audit.case')}
          <input
            type="search"
            disabled={draft.facility === ''}
            placeholder={draft.facility === '' ? t('audit.caseFirst') : ''}
            {...text('case')}
          />
        </label>
        {(['from', 'to'] as const).map((end) => (
          <label key={end} className={styles.field}>
            {t(`audit.${end}`)}
            <input
              type="datetime-local"
              className={styles.input}
              value={draft[end]}
              onChange={(event) => setDraft({ ...draft, [end]: event.target.value })}
            />
          </label>
        ))}
        <Button type="submit" look="primary">
          {t('audit.show')}
        </Button>
      </form>
      <p className={styles.note}>{t('audit.viewingsNote')}</p>
      <PagedList
        pages={pages}
        label={t('audit.part.viewings')}
        empty={t('audit.noViewings')}
        keyOf={({ by, feedId, from }, index) => `${by.id} ${feedId} ${from} ${index}`}
      >
        {(viewing) => <Row viewing={viewing} />}
      </PagedList>
    </>
  );
}

function Row({ viewing }: { viewing: ReportedViewing }) {
  const texts = useTexts();
  const { t, formats } = texts;
  const { by, areaId, facilityId, from, to, seconds, seen, purpose } = viewing;
  const age = (value: number) => formats.age(value * 1_000);
  return (
    <div className={styles.row} data-viewing={areaId}>
      <span className={styles.who}>{by.id}</span>
      <PlaceName facilityId={facilityId} areaId={areaId} />
      <span>
        {formats.dayAndTime(Date.parse(from))} –{' '}
        {to === null ? t('audit.unended') : formats.moment(Date.parse(to), Date.parse(from))}
      </span>
      <span>
        {seen ? t('audit.seen', { span: age(seen.seconds) }) : t('audit.unseen')}
        {seen && seen.high > 0 ? ` ${t('audit.large', { span: age(seen.high) })}` : ''}
        <span className={styles.quiet}> {t('audit.served', { span: age(seconds) })}</span>
        {purpose === undefined ? null : <span data-purpose={purpose}> · {purposeName(purpose, texts)}</span>}
      </span>
    </div>
  );
}

/** What is not filled in is not asked. Times are those of this device. */
function toQuery(wanted: typeof ANYTHING): string {
  const query = new URLSearchParams({ limit: '50' });
  for (const [name, value] of Object.entries(wanted)) {
    const trimmed = value.trim();
    if (trimmed === '') continue;
    query.set(name, name === 'from' || name === 'to' ? new Date(trimmed).toISOString() : trimmed);
  }
  return query.toString();
}
