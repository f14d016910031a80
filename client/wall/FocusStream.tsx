import { useEffect, useState } from 'react';
import { FeedHealth } from '#contract/feeds.ts';
import type { FeedId } from '#contract/ids.ts';
import { Fold } from '../design/Fold.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import { Fact } from './Fact.tsx';
import styles from './FocusStream.module.css';

/** Asked again so often while it is open: a node has new figures every three seconds. */
const AGAIN_MS = 3_000;

/** How a feed arrives, in figures, for whoever looks after equipment. Asked for while it is open. */
export function FocusStream({ feedId }: { feedId: FeedId }) {
  const { t } = useTexts();
  return (
    <Fold title={t('focus.stream.title')}>
      <Figures key={feedId} feedId={feedId} />
    </Fold>
  );
}

function Figures({ feedId }: { feedId: FeedId }) {
  const { t, formats } = useTexts();
  const todayMs = useToday();
  const health = useHealth(feedId);
  if (health === undefined) return null;
  if (typeof health === 'string') return <p className={styles.none}>{t(`focus.stream.${health}`)}</p>;
  const time = (at: string | null) =>
    at === null ? t('focus.unknown') : formats.momentWithSeconds(Date.parse(at), todayMs);
  return (
    <dl className={styles.figures}>
      {health.layers.map(({ layer, bitrateBps, fps, keyframeIntervalMs, loss, jitterMs }) => (
        <Fact key={layer} name={t(`tile.layerHint.${layer}`)}>
          {[
            t('focus.stream.bitrate', { value: formats.whole(bitrateBps / 1_000) }),
            ...(fps === null ? [] : [t('focus.stream.fps', { value: formats.decimal(fps) })]),
            ...(keyframeIntervalMs === null
              ? []
              : [t('focus.stream.keyframes', { value: formats.decimal(keyframeIntervalMs / 1_000) })]),
            t('focus.stream.loss', { value: formats.decimal(loss * 100) }),
            t('focus.stream.jitter', { value: formats.whole(jitterMs) }),
          ].join(' · ')}
        </Fact>
      ))}
      <Fact name={t('focus.stream.lastFrame')}>{time(health.lastFrameAt)}</Fact>
      <Fact name={t('focus.stream.lastKeyframe')}>{time(health.lastKeyframeAt)}</Fact>
    </dl>
  );
}

/** The figures; `silent` when there are none because nothing comes, `failed` when they could not be had. */
function useHealth(feedId: FeedId): FeedHealth | 'silent' | 'failed' | undefined {
  const { api } = useDesk();
  const [health, setHealth] = useState<FeedHealth | 'silent' | 'failed'>();
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const read = async () => {
      const answer = await api.call(`/api/v1/feeds/${feedId}/health`, { reply: FeedHealth, signal });
      if (signal.aborted) return;
      setHealth(answer.ok ? answer.value : answer.code === 'not_found' ? 'silent' : 'failed');
    };
    void read();
    const timer = setInterval(() => void read(), AGAIN_MS);
    return () => {
      clearInterval(timer);
      leaving.abort();
    };
  }, [api, feedId]);
  return health;
}
