import { VideoOff } from 'lucide-react';
import { LevelMark } from '../design/LevelMark.tsx';
import type { Worst } from './map-facts.ts';
import styles from './WorstMark.module.css';

/** The sign of a place's worst state; decoration for the numbers beside it. */
export function WorstMark({ worst, noData }: { worst: Worst; noData: boolean }) {
  if (noData) return <span className={styles.noData} />;
  if (worst === 'unseen') return <VideoOff size="0.9375rem" aria-hidden="true" />;
  if (worst === 'calm') return <span className={styles.calm} />;
  return <LevelMark level={worst} />;
}
