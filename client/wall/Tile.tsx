import { memo, useRef } from 'react';
import type { AreaId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import { LevelMark } from '../design/LevelMark.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { isLoud } from '../flags/loud.ts';
import type { TileState } from '../media/tile-state.ts';
import { GoneTile } from './GoneTile.tsx';
import styles from './Tile.module.css';
import { TileButtons } from './TileButtons.tsx';
import { TileFacts } from './TileFacts.tsx';
import { TileMessage } from './TileMessage.tsx';
import { TileNotes } from './TileNotes.tsx';
import type { TileData } from './tile-data.ts';
import { layerFor, tileInput } from './tile-input.ts';
import type { TileRank } from './tile-priority.ts';
import { useTile } from './use-tile.ts';
import { useTileMedia } from './use-tile-media.ts';
import { Watermark } from './Watermark.tsx';

interface TileProps {
  areaId: AreaId;
  /** Place in the grid, from 0. */
  slot: number;
  /** Its cells in a grid, as CSS takes them; by the order of tiles without. */
  gridArea?: string | undefined;
  /** Width of the picture in CSS pixels. */
  pictureWidth: number;
  /** The wall can be seen. */
  shown: boolean;
  /** The one tile that the Tab key reaches; arrows go on from there. */
  tabbable: boolean;
  /** Somebody asked to see this one. */
  marked: boolean;
  /** Why it is on the screen. @default 'wall' */
  rank?: TileRank;
  /** The largest layer that it asks for. @default as its width needs */
  largest?: Layer | undefined;
  /** Missing for those who may not. */
  onRaise: ((areaId: AreaId) => void) | undefined;
  /** Missing where there is nothing larger to open. */
  onOpen: ((areaId: AreaId) => void) | undefined;
}

/** One area on the wall. */
export const Tile = memo(function Tile(props: TileProps) {
  const data = useTile(props.areaId);
  const isRegistryKnown = useLive(({ registry }) => registry !== undefined);
  if (data) return <KnownTile {...props} data={data} />;
  return isRegistryKnown ? <GoneTile {...props} /> : null;
});

function KnownTile({ data, slot, pictureWidth, shown, ...props }: TileProps & { data: TileData }) {
  const { area, flags, status } = data;
  const [feed] = area.feeds;
  const flag = flags.find(isLoud);
  const host = useRef<HTMLDivElement>(null);
  const layer = useRef<Layer>(undefined);
  const { rank = 'wall', largest } = props;
  layer.current = layerFor(feed, largest === 'low' ? 0 : pictureWidth, layer.current);
  const input = tileInput(data, { slot, shown, layer: layer.current, rank });
  const { media, state } = useTileMedia(feed, input, host);
  return (
    <article
      className={styles.tile}
      data-theme="dark"
      data-area-id={area.id}
      data-feed-id={feed?.id}
      data-state={state.state}
      data-level={flag?.severity}
      data-flag={flag?.state}
      data-marked={props.marked || undefined}
      data-empty={status?.headcount === 0 || undefined}
      data-unknown={status === undefined || undefined}
      data-slot={slot}
      data-seen={(state.state === 'faulty' && state.seen) || undefined}
      data-thin={(state.state === 'stalled' && state.thin) || undefined}
      style={{ gridArea: props.gridArea }}
    >
      <div ref={host} className={styles.picture} />
      {showsPicture(state) ? <Watermark areaId={area.id} large={rank === 'focused'} /> : null}
      <div className={styles.over}>
        <TileTop data={data} />
        <TileMessage state={state} data={data} />
        <div className={styles.bottom}>
          <TileNotes state={state} data={data} />
          <TileFacts data={data} media={media} state={state} layer={input.layer} />
        </div>
      </div>
      <TileButtons data={data} state={state} {...props} />
    </article>
  );
}

/** Whether anything of the area can be seen: video, a still, or what is left of either. */
function showsPicture(state: TileState): boolean {
  if (state.state === 'connecting') return state.stillAtMs !== undefined;
  return state.state === 'live' || state.state === 'stalled' || (state.state === 'faulty' && state.seen);
}

function TileTop({ data: { area, facility, flags } }: { data: TileData }) {
  const { t, language } = useTexts();
  const flag = flags.find(isLoud);
  return (
    <header className={styles.top}>
      {flag ? (
        <span className={styles.level} data-level={flag.severity}>
          <LevelMark level={flag.severity} />
          <span className={styles.word}>{t(`levels.${flag.severity}`)}</span>
        </span>
      ) : null}
      <span className={styles.name}>{area.name[language]}</span>
      <span className={styles.facility}>{facility?.shortName[language]}</span>
    </header>
  );
}
