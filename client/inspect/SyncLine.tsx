import { CloudCheck, CloudOff, CloudUpload, TriangleAlert } from 'lucide-react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import { useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import { useInspect } from './inspect-context.ts';
import { groupsOf } from './records-view.ts';
import styles from './SyncLine.module.css';

/** One line that is always there: what is with the server, what waits, what was refused, and how old the facts are. */
export function SyncLine() {
  const { t, formats } = useTexts();
  const { facts, isLive, outbox } = useInspect();
  const todayMs = useToday(outbox.clock.nowMs);
  const { records, storage, contact, sending } = useStore(outbox.store);
  const { waiting, refused } = groupsOf(records);
  if (storage === 'broken') return <Line look="bad" Icon={TriangleAlert} words={[t('outbox.broken')]} />;
  if (contact === 'other-account')
    return <Line look="bad" Icon={TriangleAlert} words={[t('outbox.otherAccount')]} />;
  const words = [
    ...(refused.length > 0 ? [t('outbox.refused', { count: refused.length })] : []),
    ...(waiting.length > 0 ? [t('outbox.waiting', { count: waiting.length })] : []),
    ...(isLive ? [] : [t('inspect.knownAt', { time: formats.moment(facts.atMs, todayMs) })]),
    ...(isLive && sending && waiting.length > 0 ? [t('outbox.sending')] : []),
  ];
  if (words.length === 0) return <Line look="calm" Icon={CloudCheck} words={[t('outbox.allSent')]} />;
  const Icon = refused.length > 0 ? TriangleAlert : isLive ? CloudUpload : CloudOff;
  return <Line look={refused.length > 0 ? 'bad' : isLive ? 'calm' : 'off'} Icon={Icon} words={words} />;
}

interface LineProps {
  look: 'calm' | 'off' | 'bad';
  Icon: typeof CloudCheck;
  words: readonly string[];
}

function Line({ look, Icon, words }: LineProps) {
  return (
    <Link href="/inspect/records" className={styles.line} data-look={look} data-testid="sync-line">
      <Icon size="1rem" aria-hidden="true" />
      <span role="status">{words.join(' · ')}</span>
    </Link>
  );
}
