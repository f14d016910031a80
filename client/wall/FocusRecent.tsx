import { useEffect, useRef, useState } from 'react';
import { type AreaMoment, AreaRecent } from '#contract/area-recent.ts';
import { type Flag, FlagPage } from '#contract/flags.ts';
import type { AreaId } from '#contract/ids.ts';
import { Button } from '../design/Button.tsx';
import { LevelMark } from '../design/LevelMark.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import styles from './FocusRecent.module.css';
import { type RecentItem, recentItems } from './recent-items.ts';
import type { TileData } from './tile-data.ts';

/** Asked again so often while somebody looks; and at once when the area itself has changed. */
const AGAIN_MS = 30_000;

/** The last hour of an area: what was recorded, what its video did, and its flags. Newest first. */
export function FocusRecent({ data }: { data: TileData }) {
  const { t, formats } = useTexts();
  const { area, status, flags } = data;
  const changed = `${status?.updatedAt} ${flags.map(({ id, version }) => `${id}${version}`).join()}`;
  const { items, missing, again } = useRecent(area.id, changed);
  return (
    <section className={styles.section} aria-label={t('focus.recent')}>
      <h3 className={styles.heading}>{t('focus.recent')}</h3>
      {items || missing ? null : <p className={styles.none}>{t('focus.recentLoading')}</p>}
      {missing ? (
        <div className={styles.failure}>
          <p role="status">{t(missing === 'all' ? 'focus.recentFailed' : 'focus.recentNoFlags')}</p>
          <Button onClick={again}>{t('focus.recentRetry')}</Button>
        </div>
      ) : null}
      {items?.length === 0 && !missing ? <p className={styles.none}>{t('focus.recentNone')}</p> : null}
      <ol className={styles.list}>
        {items?.map((item) => (
          <li key={item.key} className={styles.item} data-recent={item.kind}>
            <time className={styles.time} dateTime={item.at}>
              {formats.timeWithSeconds(Date.parse(item.at))}
            </time>
            <span className={styles.words}>
              {item.kind === 'flag' ? <LevelMark level={item.severity} /> : null}
              {words(item, { t, formats })}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface Hour {
  /** Undefined until it has loaded once. */
  items: readonly RecentItem[] | undefined;
  /** What did not load when it was asked for last; of the rest, what is known from before stands. */
  missing: 'all' | 'flags' | undefined;
}

function useRecent(areaId: AreaId, changed: string): Hour & { again(): void } {
  const { api, who, serverClock } = useDesk();
  const [hour, setHour] = useState<Hour>({ items: undefined, missing: undefined });
  const look = useRef((_changed: string) => {});
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    let flags: readonly Flag[] = [];
    const read = async () => {
      const [recent, raised] = await Promise.all([
        api.call(`/api/v1/areas/${areaId}/recent`, { reply: AreaRecent, signal }),
        mayDo(who, 'flag.read')
          ? api.call(`/api/v1/flags?area=${areaId}&state=all&limit=20`, { reply: FlagPage, signal })
          : undefined,
      ]);
      if (signal.aborted) return;
      if (raised?.ok) flags = raised.value.items;
      if (!recent.ok) return setHour(({ items }) => ({ items, missing: 'all' }));
      setHour({
        items: recentItems(recent.value, flags, serverClock.nowMs()),
        missing: raised && !raised.ok ? 'flags' : undefined,
      });
    };
    look.current = () => void read();
    const timer = setInterval(() => void read(), AGAIN_MS);
    return () => {
      clearInterval(timer);
      leaving.abort();
    };
  }, [api, who, areaId, serverClock]);
  useEffect(() => look.current(changed), [changed]);
  return { ...hour, again: () => look.current(changed) };
}

function words(item: RecentItem, { t, formats }: Pick<ReturnType<typeof useTexts>, 't' | 'formats'>): string {
  switch (item.kind) {
    case 'flag':
      return t('focus.moments.flag', {
        step: t(`course.states.${item.step}`, { name: item.assignee }),
        category: t(`categories.${item.category}`),
      });
    case 'seen':
      return t(item.count === 0 ? 'focus.moments.nobody' : 'focus.moments.seen', { count: item.count });
    case 'video':
      return t(`focus.sights.${item.sight}`);
    case 'air':
      return air(item, t, formats);
    default:
      return t(`focus.moments.${item.kind}`);
  }
}

function air(
  { temperatureC, co2Ppm, humidityPct }: Extract<AreaMoment, { kind: 'air' }>,
  t: ReturnType<typeof useTexts>['t'],
  formats: ReturnType<typeof useTexts>['formats'],
): string {
  const values = [
    temperatureC === undefined ? [] : t('focus.temperature', { value: formats.decimal(temperatureC) }),
    co2Ppm === undefined ? [] : t('focus.co2', { value: co2Ppm }),
    humidityPct === undefined ? [] : t('focus.humidity', { value: humidityPct }),
  ].flat();
  return t('focus.moments.air', { values: values.join(' · ') });
}
