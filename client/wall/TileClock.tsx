import { useLayoutEffect, useMemo, useRef } from 'react';
import type { AreaStatus } from '#contract/status.ts';
import { LevelMark } from '../design/LevelMark.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { clockFace } from './clock-face.ts';
import styles from './TileClock.module.css';

const NO_LIMITS = {};

/** The most urgent clock of an area, written once a second past React. */
export function TileClock({ status }: { status: AreaStatus | undefined }) {
  const { t, language } = useTexts();
  const { ticker, serverClock } = useDesk();
  const limits = useLive((state) => state.registry?.limits ?? NO_LIMITS);
  const box = useRef<HTMLSpanElement>(null);
  const label = useRef<HTMLSpanElement>(null);
  const short = useRef<HTMLSpanElement>(null);
  const value = useRef<HTMLSpanElement>(null);
  const words = useMemo(
    () => ({
      toCheck: t('tile.toCheck'),
      checkOverdue: t('tile.checkOverdue'),
      checkOverdueShort: t('tile.checkOverdueShort'),
      paused: t('tile.paused'),
    }),
    [t],
  );

  useLayoutEffect(() => {
    const write = () => {
      const face = clockFace(status, { limits, words, language, nowMs: serverClock.nowMs() });
      setText(label.current, face?.label ?? '');
      setText(short.current, face?.short ?? '');
      setText(value.current, face?.text ?? '');
      if (!box.current) return;
      box.current.dataset.clock = face?.level ?? 'none';
      const title = [face?.label, face?.source].filter(Boolean).join(' · ');
      if (box.current.title !== title) box.current.title = title;
    };
    write();
    return ticker.add((_, textMayChange) => {
      if (textMayChange) write();
    });
  }, [status, limits, words, language, serverClock, ticker]);

  return (
    <span ref={box} className={styles.clock}>
      <span ref={label} className={styles.label} />
      <span ref={short} className={styles.short} />
      <span ref={value} className={styles.value} />
      <span className={styles.soon}>
        <LevelMark level={3} />
      </span>
      <span className={styles.over}>
        <LevelMark level={2} />
      </span>
    </span>
  );
}

function setText(element: HTMLElement | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}
