import type { HandoverEntry, HandoverItem } from '#contract/handover.ts';
import { Button } from '../design/Button.tsx';
import { LevelMark } from '../design/LevelMark.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import { flagNote } from '../flags/flag-note.ts';
import { entryText } from './entry-text.ts';
import styles from './HandoverPage.module.css';

interface ItemRowProps {
  item: HandoverItem;
  /** Absent for who may not take it over. */
  onAcknowledge?: ((item: HandoverItem) => void) | undefined;
  pending: boolean;
}

/** One item: what, where, and who has acknowledged it. */
export function HandoverItemRow({ item, onAcknowledge, pending }: ItemRowProps) {
  const { t, formats } = useTexts();
  const todayMs = useToday();
  const what = useItemText(item);
  const [first] = item.entries;
  return (
    <li className={styles.item} data-item={item.id} data-acknowledged={item.acknowledged !== null}>
      <div className={styles.what}>
        <p className={styles.headline}>
          {item.severity ? (
            <span className={styles.level} data-level={item.severity}>
              <LevelMark level={item.severity} /> {t(`levels.${item.severity}`)}
            </span>
          ) : null}
          <span>{what}</span>
          {item.late || item.isNew ? (
            <span className={styles.late}>{t(item.late ? 'handover.late' : 'handover.isNew')}</span>
          ) : null}
        </p>
        {item.count === 1 && first ? <EntryDetails entry={first} /> : <Entries item={item} />}
      </div>
      {item.acknowledged ? (
        <p className={styles.signed}>
          {t('handover.acknowledged', {
            name: item.acknowledged.by,
            time: formats.moment(Date.parse(item.acknowledged.at), todayMs),
          })}
        </p>
      ) : onAcknowledge ? (
        <Button
          data-acknowledge
          aria-label={t('handover.acknowledgeNamed', { what })}
          aria-disabled={pending}
          onClick={() => onAcknowledge(item)}
        >
          {t('handover.acknowledge')}
        </Button>
      ) : null}
    </li>
  );
}

function useItemText(item: HandoverItem): string {
  const texts = useTexts();
  const limits = useLive((state) => state.registry?.limits);
  const region = useLive((state) => state.registry?.regionById[item.regionId]?.name[texts.language]);
  const [first] = item.entries;
  const isOnePlace = item.entries.every(({ facilityId }) => facilityId === first?.facilityId);
  const facility = useLive(
    (state) => state.registry?.facilityById[first?.facilityId ?? '']?.shortName[texts.language],
  );
  if (item.count === 1 && first) return entryText(item.kind, first, { ...texts, limits: limits ?? {} });
  const place = (isOnePlace ? facility : undefined) ?? region ?? item.regionId;
  const names = new Set(
    item.entries.map((entry) => entryText(item.kind, entry, { ...texts, limits: limits ?? {} })),
  );
  const [what] = names;
  return names.size === 1 && what !== undefined
    ? texts.t('handover.alike', { what, place, count: item.count })
    : texts.t('handover.group', { place, count: item.count });
}

function Entries({ item }: { item: HandoverItem }) {
  const texts = useTexts();
  const limits = useLive((state) => state.registry?.limits);
  const rest = item.count - item.entries.length;
  return (
    <ul className={styles.entries}>
      {item.entries.map((entry) => (
        <li key={entry.key}>
          {entryText(item.kind, entry, { ...texts, limits: limits ?? {} })} · <Place entry={entry} />
          <Said entry={entry} />
        </li>
      ))}
      {rest > 0 ? <li>{texts.t('handover.more', { count: rest })}</li> : null}
    </ul>
  );
}

function EntryDetails({ entry }: { entry: HandoverEntry }) {
  return (
    <p className={styles.details}>
      <Place entry={entry} />
      <Said entry={entry} />
    </p>
  );
}

/** What was said of it, who has it, and how it ended. */
function Said({ entry }: { entry: HandoverEntry }) {
  const { t, formats } = useTexts();
  const todayMs = useToday();
  const { flag } = entry;
  const isClosed = flag?.state === 'resolved' || flag?.state === 'dismissed';
  const said = [
    flag && flagNote(flag, t),
    isClosed
      ? t('handover.wasClosed', {
          time: formats.dayAndTime(Date.parse(entry.at)),
          reason: flag?.reason ?? '–',
        })
      : flag?.takenBy && t('handover.takenBy', { name: flag.takenBy }),
    flag?.shelved &&
      t('handover.shelved', {
        time: formats.moment(Date.parse(flag.shelved.until), todayMs),
        name: flag.shelved.by,
        reason: flag.shelved.reason,
      }),
  ].filter(Boolean);
  return said.map((one) => <span key={one}> · {one}</span>);
}

function Place({ entry }: { entry: HandoverEntry }) {
  const { language } = useTexts();
  const area = useLive((state) => state.registry?.areaById[entry.areaId ?? '']?.name[language]);
  const facility = useLive((state) => state.registry?.facilityById[entry.facilityId]?.shortName[language]);
  return <span>{[area, facility ?? entry.facilityId].filter(Boolean).join(' · ')}</span>;
}
