import type { LimitFigures } from '#contract/figures.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { limitKey } from '../store/registry.ts';
import styles from './FiguresPage.module.css';
import { shareOf } from './numbers.ts';
import { useNumbers } from './use-numbers.ts';

/** Nothing in it takes the focus: arrows move what does not fit once Tab is at it. */
const TAB_STOP = 0;

/** How each limit was kept, with its law on hover; what is no law is late, never a breach. */
export function LimitTable({ limits }: { limits: readonly LimitFigures[] }) {
  const { t, language } = useTexts();
  const { count, percent, minutes } = useNumbers();
  const known = useLive((state) => state.registry?.limits);
  if (limits.length === 0) return null;
  return (
    <div>
      <h2 className={styles.heading}>{t('figures.limits')}</h2>
      <section className={styles.scroll} tabIndex={TAB_STOP} aria-label={t('figures.limits')}>
        <table className={styles.table}>
          <thead>
            <tr>
              {(['limit', 'restsOn', 'kept', 'late', 'keptShare', 'median', 'worst'] as const).map((name) => (
                <th key={name} scope="col">
                  {t(`figures.limitColumns.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {limits.map((one) => {
              const info = known?.[limitKey(one)];
              return (
                <tr key={limitKey(one)}>
                  <th scope="row" title={info?.source[language]}>
                    {info?.label[language] ?? limitKey(one)}
                    <span className={styles.set}> {one.normSet}</span>
                  </th>
                  <td>
                    {t(`figures.standing.${info?.kind === 'duty' ? 'judgment' : (info?.standing ?? 'law')}`)}
                  </td>
                  <td>{count(one.kept)}</td>
                  <td>{count(one.late)}</td>
                  <td>{percent(shareOf(one.kept, one.kept + one.late))}</td>
                  <td>{minutes(one.medianMinutes)}</td>
                  <td>{minutes(one.worstMinutes)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </div>
  );
}
