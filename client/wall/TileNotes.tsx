import { TriangleAlert } from 'lucide-react';
import { findingKindOf } from '#contract/area-filter.ts';
import type { FeedStatus } from '#contract/feeds.ts';
import { LevelMark } from '../design/LevelMark.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { findingText } from '../flags/rule-text.ts';
import type { TileState } from '../media/tile-state.ts';
import styles from './TileNotes.module.css';
import type { TileData } from './tile-data.ts';

/** What is wrong, in words, above the strip of facts; nothing is drawn where nothing is wrong. */
export function TileNotes({ state, data }: { state: TileState; data: TileData }) {
  const findings = data.status?.findings ?? [];
  const faults = seenFaults(state, data.feed);
  if (findings.length === 0 && faults.length === 0) return null;
  return (
    <>
      <Findings findings={findings} />
      <Faults faults={faults} isPicture={state.state === 'faulty'} />
    </>
  );
}

/** Who is held together and should not be; and, without colour, where the record contradicts itself. */
function Findings({ findings }: { findings: NonNullable<TileData['status']>['findings'] & object }) {
  const { language, formats } = useTexts();
  const limits = useLive((state) => state.registry?.limits) ?? {};
  return findings.map((finding) => {
    const kind = findingKindOf(finding);
    return (
      <p
        key={`${finding.normSet}/${finding.code}`}
        className={styles.note}
        data-kind={kind}
        title={formats.dayAndTime(Date.parse(finding.since))}
      >
        <LevelMark level={kind === 'separation' ? 2 : 4} />
        <span className={styles.words}>{findingText(finding, { language, limits })}</span>
      </p>
    );
  });
}

/**
 * A picture that can be seen and shows nothing of the area (`faulty`), or a camera whose settings have to be changed. Where
 * there is no picture, the tile's message says it.
 */
function seenFaults(state: TileState, feed: FeedStatus | undefined) {
  const isSeen =
    state.state === 'live' || state.state === 'stalled' || (state.state === 'faulty' && state.seen);
  return isSeen ? (feed?.faults ?? []) : [];
}

function Faults({ faults, isPicture }: { faults: NonNullable<FeedStatus['faults']>; isPicture: boolean }) {
  const { t } = useTexts();
  if (faults.length === 0) return null;
  return (
    <p
      className={styles.note}
      data-kind={isPicture ? 'picture' : 'settings'}
      title={faults.map((fault) => t(`faultHints.${fault}`)).join(' ')}
    >
      <TriangleAlert aria-hidden="true" />
      <span className={styles.words}>{faults.map((fault) => t(`faults.${fault}`)).join(' · ')}</span>
    </p>
  );
}
