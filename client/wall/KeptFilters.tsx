import { Users } from 'lucide-react';
import { useState } from 'react';
import type { KeptFilterView } from '#contract/filters.ts';
import type { Sharing } from '#contract/kept.ts';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts, useView } from '../desk/desk-context.ts';
import { KeptTools, RemovedKept } from '../kept/KeptTools.tsx';
import type { KeptThings } from '../kept/use-kept.ts';
import { conditionsOf } from './conditions.ts';
import styles from './KeptFilters.module.css';
import { ShareField } from './layout/ShareField.tsx';

/** Filters that the server keeps: ask for one again, change or take one away, keep what is asked for now. */
export function KeptFilters({ filters }: { filters: KeptThings<KeptFilterView> }) {
  const { t } = useTexts();
  const { items, failure, save } = filters;
  return (
    <section className={styles.group} aria-label={t('filter.kept')}>
      <h2 className={styles.heading}>{t('filter.kept')}</h2>
      {items?.length === 0 ? <p className={styles.hint}>{t('filter.keptNone')}</p> : null}
      <ul className={styles.list}>
        {items?.map((kept) => (
          <KeptRow key={kept.id} kept={kept} filters={filters} />
        ))}
      </ul>
      <RemovedKept kept={filters} />
      <KeepForm save={save} />
      {failure ? (
        <p className={styles.failure} role="alert">
          {t('layout.failed', { reason: t(`errors.${failure}`) })}
        </p>
      ) : null}
    </section>
  );
}

function KeptRow({ kept, filters }: { kept: KeptFilterView; filters: KeptThings<KeptFilterView> }) {
  const { t } = useTexts();
  const { view } = useDesk();
  const isAsked = useView((state) => JSON.stringify(state.filter) === JSON.stringify(kept.filter));
  return (
    <li className={styles.row}>
      <button
        type="button"
        className={styles.name}
        aria-pressed={isAsked}
        onClick={() => view.setFilter(kept.filter)}
      >
        {kept.name}
        {kept.shared.kind === 'own' ? null : (
          <Users size="0.875rem" aria-label={t('filter.keptBy', { name: kept.owner })} />
        )}
      </button>
      <KeptTools thing={kept} kept={filters} rename />
    </li>
  );
}

function KeepForm({ save }: Pick<KeptThings<KeptFilterView>, 'save'>) {
  const { t } = useTexts();
  const { view } = useDesk();
  const isAny = useView(({ filter }) => filter.text !== '' || conditionsOf(filter).length > 0);
  const [name, setName] = useState('');
  const [shared, setShared] = useState<Sharing>({ kind: 'own' });
  if (!isAny) return null;
  const keep = async () => {
    if (await save({ name: name.trim(), filter: view.store.getState().filter, shared })) setName('');
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') void keep();
      }}
    >
      <label className={styles.field}>
        {t('filter.keepName')}
        <input
          className={styles.input}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <ShareField value={shared} onChange={setShared} />
      <Button type="submit" disabled={name.trim() === ''}>
        {t('filter.keep')}
      </Button>
    </form>
  );
}
