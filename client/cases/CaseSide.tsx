import { useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { CaseDetail, CaseViewing } from '#contract/cases.ts';
import { formatSpan } from '../clock/countdown.ts';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { FlagCard } from '../flags/FlagCard.tsx';
import { purposeName } from '../purposes/purpose-name.ts';
import { mayDo } from '../session/session.ts';
import { Tile } from '../wall/Tile.tsx';
import { Place } from './CaseFacts.tsx';
import styles from './CaseSide.module.css';
import { type Watcher, watchersOf } from './watchers.ts';

/** What can be seen and what was: the area now, flags of the case's time, who watched. */
export function CaseSide({ detail }: { detail: CaseDetail }) {
  const { t } = useTexts();
  const { who } = useDesk();
  const { areaId } = detail.summary;
  const isFilmed = useLive((state) =>
    areaId === null ? false : (state.registry?.areaById[areaId]?.feeds.length ?? 0) > 0,
  );
  return (
    <div className={styles.side}>
      {areaId !== null && isFilmed && mayDo(who, 'feed.watch') ? (
        <section className={styles.section}>
          <h2 className={styles.heading}>{t('case.video')}</h2>
          <Picture areaId={areaId} />
          <Link href={`/?area=${areaId}`}>{t('case.watch')}</Link>
        </section>
      ) : null}
      <section className={styles.section}>
        <h2 className={styles.heading}>{t('case.flags')}</h2>
        {detail.flags.length === 0 ? <p className={styles.none}>{t('case.noFlags')}</p> : null}
        {detail.flags.map((flag) => (
          <FlagCard key={flag.id} flags={[flag]} placed />
        ))}
      </section>
      {detail.viewings ? (
        <section className={styles.section}>
          <h2 className={styles.heading}>{t('case.viewings')}</h2>
          <Watchers viewings={detail.viewings} />
        </section>
      ) : null}
    </div>
  );
}

/** The same tile as on the wall. */
function Picture({ areaId }: { areaId: string }) {
  const [, navigate] = useLocation();
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const target = host.current;
    if (!target) return undefined;
    const observer = new ResizeObserver(() => setWidth(target.clientWidth));
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={host} className={styles.picture}>
      {width > 0 ? (
        <Tile
          areaId={areaId}
          slot={0}
          pictureWidth={width}
          shown
          tabbable
          marked={false}
          onOpen={() => navigate(`/?area=${areaId}`)}
          onRaise={undefined}
        />
      ) : null}
    </div>
  );
}

function Watchers({ viewings }: { viewings: readonly CaseViewing[] }) {
  const texts = useTexts();
  const { t, language, formats } = texts;
  const watchers = watchersOf(viewings);
  if (watchers.length === 0) return <p className={styles.none}>{t('case.noViewings')}</p>;
  const span = ({ from, to }: Watcher['viewings'][number]) =>
    `${formats.dayAndTime(Date.parse(from))} – ${to === null ? t('case.viewingNow') : formats.moment(Date.parse(to), Date.parse(from))}`;
  return (
    <ul className={styles.watchers}>
      {watchers.map(({ name, seconds, viewings: own }) => (
        <li key={name}>
          <details>
            <summary className={styles.watcher}>
              <span className={styles.name}>{name}</span>
              <span className={styles.none}>
                {t('case.viewedFor', { span: formatSpan(seconds * 1_000, language) })}
              </span>
            </summary>
            <ul className={styles.times}>
              {own.map((viewing) => (
                <li key={`${viewing.feedId} ${viewing.from}`}>
                  {span(viewing)} · <Place areaId={viewing.areaId} />
                  {viewing.purpose === undefined ? null : ` · ${purposeName(viewing.purpose, texts)}`}
                </li>
              ))}
            </ul>
          </details>
        </li>
      ))}
    </ul>
  );
}
