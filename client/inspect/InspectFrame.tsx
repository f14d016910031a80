import { ClipboardCheck, DoorOpen, LayoutGrid, ListChecks, Users } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { useStore } from 'zustand';
import type { FacilityId } from '#contract/ids.ts';
import { LevelMark } from '../design/LevelMark.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { isLoud } from '../flags/loud.ts';
import { useOpenFlags } from '../flags/use-open-flags.ts';
import { keepOffline } from '../offline/register.ts';
import { PageSign } from '../shell/PageSign.tsx';
import { SampleMark } from '../shell/SampleMark.tsx';
import { UserMenu } from '../shell/UserMenu.tsx';
import styles from './InspectFrame.module.css';
import { useInspect } from './inspect-context.ts';
import { attentionOf } from './records-view.ts';
import { SyncLine } from './SyncLine.tsx';

const SECTIONS = [
  { path: '/inspect', name: 'rooms', Icon: DoorOpen },
  { path: '/inspect/round', name: 'round', Icon: ClipboardCheck },
  { path: '/inspect/people', name: 'people', Icon: Users },
  { path: '/inspect/records', name: 'records', Icon: ListChecks },
] as const;

interface FrameProps {
  others: readonly FacilityId[];
  onChoose(facilityId: FacilityId): void;
  children: ReactNode;
}

/** Where one is and what waits above, the screen, and the way to others below, under the thumbs. */
export function InspectFrame({ others, onChoose, children }: FrameProps) {
  const { t, language } = useTexts();
  const { facts, outbox } = useInspect();
  const [path] = useLocation();
  const attention = attentionOf(useStore(outbox.store, (state) => state.records));
  const section = SECTIONS.find(({ path: at }) => at === path);
  useEffect(() => void keepOffline(navigator), []);
  return (
    <div className={styles.frame}>
      <header className={styles.header}>
        <div className={styles.place}>
          {others.length > 1 ? (
            <Choice others={others} chosen={facts.facilityId} onChoose={onChoose} />
          ) : (
            <h1 className={styles.name}>{facts.shortName[language]}</h1>
          )}
          <SampleMark />
        </div>
        <OpenFlags />
        <Link href="/" className={styles.wall} aria-label={t('inspect.wall')} title={t('inspect.wall')}>
          <LayoutGrid size="1.25rem" aria-hidden="true" />
        </Link>
        <UserMenu />
        <SyncLine />
        <PageSign />
      </header>
      <div className={styles.screen} key={path}>
        {children}
      </div>
      <nav className={styles.sections} aria-label={t('inspect.sectionsLabel')}>
        {SECTIONS.map(({ path: href, name, Icon }) => (
          <Link
            key={href}
            href={href}
            className={styles.section}
            aria-current={section?.path === href ? 'page' : undefined}
          >
            <Icon size="1.375rem" aria-hidden="true" />
            <span>{t(`inspect.sections.${name}`)}</span>
            {name === 'records' && attention > 0 ? <span className={styles.badge}>{attention}</span> : null}
          </Link>
        ))}
      </nav>
    </div>
  );
}

/** Flags of the facility that still need somebody: the worst one's sign, and how many. */
function OpenFlags() {
  const { t } = useTexts();
  const { facts, isLive } = useInspect();
  const flags = useOpenFlags().filter((flag) => flag.facilityId === facts.facilityId && isLoud(flag));
  const [worst] = flags;
  // Without a network nobody knows; the line below says so.
  if (!worst || !isLive) return null;
  return (
    <Link href="/flags" className={styles.flags} aria-label={t('count.flags', { count: flags.length })}>
      <LevelMark level={worst.severity} size="1.125rem" />
      {flags.length}
    </Link>
  );
}

function Choice({ others, chosen, onChoose }: Omit<FrameProps, 'children'> & { chosen: FacilityId }) {
  const { t, language } = useTexts();
  const registry = useLive((state) => state.registry);
  return (
    <select
      className={styles.choice}
      aria-label={t('inspect.facility')}
      value={chosen}
      onChange={(event) => onChoose(event.target.value)}
    >
      {others.map((id) => (
        <option key={id} value={id}>
          {registry?.facilityById[id]?.shortName[language] ?? id}
        </option>
      ))}
    </select>
  );
}
