import { Check, Users } from 'lucide-react';
import { useState } from 'react';
import type { Sharing } from '#contract/kept.ts';
import type { LayoutView } from '#contract/layouts.ts';
import { Button } from '../../design/Button.tsx';
import { useDesk, useTexts, useView } from '../../desk/desk-context.ts';
import { KeptTools, RemovedKept } from '../../kept/KeptTools.tsx';
import type { KeptThings } from '../../kept/use-kept.ts';
import styles from './LayoutMenu.module.css';
import { ShareField } from './ShareField.tsx';

interface KeptLayoutsProps {
  layouts: KeptThings<LayoutView>;
  current: LayoutView | undefined;
}

/** Layouts that the server keeps: open one, bring back what it was, take one away, keep the wall as it is. */
export function KeptLayouts({ layouts, current }: KeptLayoutsProps) {
  const { t } = useTexts();
  const { view } = useDesk();
  const { items, failure } = layouts;
  return (
    <section className={styles.group} aria-label={t('layout.kept')}>
      <h3 className={styles.heading}>{t('layout.kept')}</h3>
      {items?.length === 0 ? <p className={styles.hint}>{t('layout.none')}</p> : null}
      <ul className={styles.kept}>
        {items?.map((layout) => (
          <li key={layout.id} className={styles.row}>
            <button type="button" className={styles.open} onClick={() => view.openLayout(layout)}>
              {layout.id === current?.id ? <Check size="1rem" aria-label={t('layout.isOpen')} /> : null}
              <span>{layout.name}</span>
              {layout.shared.kind === 'own' ? null : (
                <Users size="0.875rem" aria-label={t('layout.isShared', { name: layout.owner })} />
              )}
              {layout.leftOut > 0 ? (
                <span className={styles.hint}>{t('layout.leftOut', { count: layout.leftOut })}</span>
              ) : null}
            </button>
            <KeptTools
              thing={layout}
              kept={layouts}
              rename
              onRestored={(restored) => {
                if (layout.id === current?.id) view.openLayout(restored);
              }}
            />
          </li>
        ))}
      </ul>
      <RemovedKept kept={layouts} />
      <KeepForm layouts={layouts} current={current} />
      {failure ? (
        <p className={styles.failure} role="alert">
          {failure === 'conflict'
            ? t('layout.changed')
            : t('layout.failed', { reason: t(`errors.${failure}`) })}
        </p>
      ) : null}
    </section>
  );
}

/** Keeps the wall as it is: under a new name, or in place of the layout that is open. */
function KeepForm({ layouts, current }: KeptLayoutsProps) {
  const { t } = useTexts();
  const { view } = useDesk();
  const [name, setName] = useState('');
  const [shared, setShared] = useState<Sharing>({ kind: 'own' });
  const isChanged = useView(
    ({ grid, filter, pins }) =>
      current !== undefined &&
      JSON.stringify([grid, filter, pins]) !== JSON.stringify([current.grid, current.filter, current.pins]),
  );
  const keep = async (as: string, sharing: Sharing, of?: LayoutView) => {
    const { grid, filter, pins } = view.store.getState();
    const kept = await layouts.save({ name: as, grid, filter, pins, shared: sharing }, of);
    if (!kept) return;
    view.openLayout(kept);
    setName('');
  };
  return (
    <>
      {current && isChanged ? (
        <Button onClick={() => void keep(current.name, current.shared, current)}>
          {t('layout.update', { name: current.name })}
        </Button>
      ) : null}
      <form
        className={styles.keep}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') void keep(name.trim(), shared);
        }}
      >
        <label className={styles.field}>
          {t('layout.name')}
          <input
            className={styles.input}
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <ShareField value={shared} onChange={setShared} />
        <Button type="submit" look="primary" disabled={name.trim() === ''}>
          {t('layout.save')}
        </Button>
      </form>
    </>
  );
}
