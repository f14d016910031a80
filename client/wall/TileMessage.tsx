import type { TFunction } from 'i18next';
import type { LucideIcon } from 'lucide-react';
import { CameraOff, EyeClosed, LoaderCircle, Pause, TriangleAlert, VideoOff, WifiLow } from 'lucide-react';
import { isReasonForNothing } from '#contract/feeds.ts';
import { type Texts, useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import { gateWords, visitsUntilMs } from '../gate/gate-words.ts';
import type { TileState } from '../media/tile-state.ts';
import styles from './TileMessage.module.css';
import { isClosedByPrivacy, type TileData } from './tile-data.ts';

interface Message {
  icon: LucideIcon;
  title: string;
  hint?: string;
  /** What helps. */
  advice?: string;
}

interface TileMessageProps {
  state: TileState;
  data: TileData;
}

/** What stands in place of a picture, with the same words in every size; small tiles keep sign and title. */
export function TileMessage({ state, data }: TileMessageProps) {
  // Most tiles show a picture: they have nothing to count days for.
  if (state.state === 'live' || state.state === 'stalled') return null;
  return <InPlaceOfPicture state={state} data={data} />;
}

/** States in which there is no picture. */
type PicturelessState = Exclude<TileState, { state: 'live' } | { state: 'stalled' }>;

function InPlaceOfPicture({ state, data }: { state: PicturelessState; data: TileData }) {
  const message = useMessage(state, data);
  if (!message) return null;
  const { icon: Icon, title, hint, advice } = message;
  return (
    <div className={styles.message} data-kind={state.state}>
      <Icon className={styles.icon} strokeWidth={1.5} aria-hidden="true" />
      <p className={styles.title}>{title}</p>
      {hint ? <p className={styles.hint}>{hint}</p> : null}
      {advice ? <p className={styles.advice}>{advice}</p> : null}
    </div>
  );
}

function useMessage(state: PicturelessState, data: TileData): Message | undefined {
  const texts = useTexts();
  const { t, formats } = texts;
  const todayMs = useToday();
  switch (state.state) {
    case 'connecting':
      // A still says of itself what it is, and is not to be written over.
      return state.slow && state.stillAtMs === undefined
        ? { icon: LoaderCircle, title: t('tile.connecting') }
        : undefined;
    case 'idle':
      return idleMessage(state.reason, data, t);
    case 'confidential':
      return {
        icon: EyeClosed,
        title:
          state.atMs === undefined
            ? t('tile.confidential')
            : t('tile.confidentialSince', { time: formats.moment(state.atMs, todayMs) }),
        hint: closedHint(data, texts),
      };
    case 'faulty':
      return state.seen ? undefined : faultyMessage(state, t);
    case 'lost':
      if (state.code) return { icon: VideoOff, title: t('tile.refused'), hint: t(`errors.${state.code}`) };
      return {
        icon: VideoOff,
        title:
          state.atMs === undefined
            ? t('tile.lost')
            : t('tile.lostSince', { time: formats.moment(state.atMs, todayMs) }),
        ...whyLost(data, t),
      };
  }
}

/** Why an area is closed to everybody; by whom, if somebody closed it. */
function closedHint({ area, status }: TileData, texts: Pick<Texts, 't' | 'formats'>): string {
  if (status?.gate) return gateWords(status.gate, texts);
  const untilMs = visitsUntilMs(status);
  if (untilMs !== undefined) return texts.t('tile.confidentialUntil', { time: texts.formats.time(untilMs) });
  return isClosedByPrivacy(area, status)
    ? texts.t('privacies.forbidden-when-occupied')
    : texts.t('tile.confidentialHint');
}

/** Why nothing comes and what helps, as far as is known, and how many are alone with it. */
function whyLost(data: TileData, t: TFunction): Pick<Message, 'hint' | 'advice'> {
  const headcount = data.status?.headcount ?? 0;
  const waits = !data.feed || data.feed.state === 'idle';
  const silence =
    waits && data.area.feeds[0]?.source === 'whip' ? t('tile.noSourceHint') : t('tile.lostHint');
  const { hint = silence, ...rest } = sourceFaultTexts(data, t);
  return { hint: headcount > 0 ? `${hint} · ${t('tile.inside', { count: headcount })}` : hint, ...rest };
}

/** What its node or edge found wrong with the camera or encoder, so that nothing of it is shown. */
function sourceFaultTexts({ feed }: TileData, t: TFunction): Pick<Message, 'hint' | 'advice'> {
  const fault = feed?.faults?.find(isReasonForNothing);
  return fault ? { hint: t(`faults.${fault}`), advice: t(`faultHints.${fault}`) } : {};
}

function idleMessage(
  reason: Extract<TileState, { state: 'idle' }>['reason'],
  data: TileData,
  t: TFunction,
): Message {
  switch (reason) {
    case 'no-feed':
      return { icon: CameraOff, title: t('tile.noFeed'), hint: t('tile.noFeedHint') };
    case 'no-source':
      return {
        icon: CameraOff,
        title: t('tile.noSource'),
        hint: t('tile.noSourceHint'),
        ...sourceFaultTexts(data, t),
      };
    case 'hidden':
      return { icon: Pause, title: t('tile.hidden') };
    case 'thin':
      return {
        icon: WifiLow,
        title: t('tile.thin'),
        hint: t(data.feed?.faults?.includes('uplink-cut') ? 'faultHints.uplink-cut' : 'tile.thinHint'),
      };
  }
}

function faultyMessage({ code, faults }: Extract<TileState, { state: 'faulty' }>, t: TFunction): Message {
  const [fault] = faults;
  if (code) return { icon: TriangleAlert, title: t('tile.faulty'), hint: t(`errors.${code}`) };
  return {
    icon: TriangleAlert,
    title: fault ? t(`faults.${fault}`) : t('tile.faulty'),
    hint: fault ? t(`faultHints.${fault}`) : t('tile.faultyHint'),
  };
}
