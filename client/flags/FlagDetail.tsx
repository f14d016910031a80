import { BellOff, ListTree, WifiOff } from 'lucide-react';
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import styles from './FlagDetail.module.css';
import { FlagTold } from './FlagTold.tsx';
import { focusEvidence, focusRow, isInDetail, showStill } from './queue-keys.ts';
import { useNamedFlag } from './use-named-flag.ts';

interface FlagDetailProps {
  /** The flag that is looked at; without one it is said how to choose. */
  flagId: string | undefined;
  /** Whether it stands in the queue. */
  hasRow: boolean;
}

/** All that there is on one flag, beside the queue. It says nothing by itself to those who listen: they come to it. */
export function FlagDetail({ flagId, hasRow }: FlagDetailProps) {
  const { t } = useTexts();
  const region = useRef<HTMLElement>(null);
  useShortcuts('queue', flagId !== undefined, {
    toDetail: ({ target }) => (isInDetail(target) ? false : region.current?.focus()),
    toRow: ({ target }) => {
      // Arrows wind a video.
      const isHere = isInDetail(target) && !(target instanceof HTMLVideoElement);
      return isHere && flagId !== undefined ? focusRow(flagId) : false;
    },
    // A key that is held would show one after another, and each look is on record.
    showStill: ({ repeat }) =>
      !repeat && (showStill(region.current) === false ? focusEvidence(region.current) : undefined),
  });
  useLayoutEffect(() => {
    if (region.current && flagId !== undefined) region.current.scrollTop = 0;
  }, [flagId]);
  /** Before it are the rows, and the way back to them is the one that is shown, not the last. */
  const stepBack = (event: KeyboardEvent) => {
    const leaves = event.key === 'Tab' && event.shiftKey && event.target === event.currentTarget;
    if (leaves && flagId !== undefined && focusRow(flagId) !== false) event.preventDefault();
  };
  return (
    <section
      ref={region}
      className={styles.detail}
      aria-label={t('flagDetail.title')}
      data-flag-detail={flagId ?? ''}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and may hold nothing else that takes the keyboard.
      tabIndex={0}
      onKeyDown={stepBack}
    >
      {flagId === undefined ? (
        <Notice icon={ListTree} title={t('flagDetail.none')} hint={t('flagDetail.noneHint')} />
      ) : (
        <NamedFlag key={flagId} flagId={flagId} hasRow={hasRow} />
      )}
    </section>
  );
}

/** The flag of that id, open or closed meanwhile, or why there is none. */
export function NamedFlag({ flagId, hasRow }: { flagId: string; hasRow: boolean }) {
  const { t } = useTexts();
  const { flag, isOpen, failure, ask } = useNamedFlag(flagId);
  if (flag) return <FlagTold flag={flag} failure={failure} lacksRow={isOpen && !hasRow} onChanged={ask} />;
  if (failure) return <Gone reason={failure} onRetry={ask} />;
  return <Notice title={t('flagDetail.loading')} />;
}

function Gone({ reason, onRetry }: { reason: FailureCode; onRetry(): void }) {
  const { t } = useTexts();
  const kind = reason === 'unknown_flag' ? 'gone' : reason === 'forbidden' ? 'forbidden' : 'failed';
  return (
    <div className={styles.gone} data-gone={kind}>
      <Notice
        role="alert"
        icon={kind === 'failed' ? WifiOff : BellOff}
        title={t(`flagDetail.${kind}`)}
        hint={kind === 'failed' ? t(`errors.${reason}`) : t(`flagDetail.${kind}Hint`)}
      >
        {kind === 'failed' ? <Button onClick={onRetry}>{t('flagDetail.retry')}</Button> : null}
      </Notice>
    </div>
  );
}
