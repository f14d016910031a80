import { ShieldAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { AlertPath, type PathTrouble, pathTroubles } from '#contract/alerts.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import styles from './PathSign.module.css';
import { silentPlaces } from './silent-posts.ts';

const ASK_MS = 30_000;

/** For those who look after the system: says on every page when alerts may not reach people. */
export function PathSign() {
  const texts = useTexts();
  const { t } = texts;
  const { api, serverClock, openedMs } = useDesk();
  const [path, setPath] = useState<AlertPath>();
  const [worst, setWorst] = useState<PathTrouble>();
  useEffect(() => {
    const ending = new AbortController();
    const ask = async () => {
      const answer = await api.call('/api/v1/alerts/path', { reply: AlertPath, signal: ending.signal });
      if (!answer.ok || ending.signal.aborted) return;
      setPath(answer.value);
      setWorst(pathTroubles(answer.value, serverClock.nowMs(), openedMs)[0]);
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_MS);
    return () => {
      ending.abort();
      clearInterval(timer);
    };
  }, [api, serverClock, openedMs]);
  if (worst === undefined) return null;
  return (
    <span className={styles.sign} role="alert" data-path-trouble={worst}>
      <ShieldAlert size="1rem" aria-hidden="true" />
      {t(`alerts.troubles.${worst}`, { places: silentPlaces(path, texts) })}
    </span>
  );
}
