import { useEffect, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Failure } from '../design/Field.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './Kept.module.css';
import type { KeptItem, KeptThings } from './use-kept.ts';

interface PreviousVersionsProps<K extends KeptItem> {
  thing: K;
  kept: KeptThings<K>;
  /** A version has become the present one. */
  onRestored(thing: K): void;
}

/** What a kept thing was before, newest first, each to be brought back. Asked for while it is open. */
export function PreviousVersions<K extends KeptItem>({ thing, kept, onRestored }: PreviousVersionsProps<K>) {
  const { t, formats } = useTexts();
  const { api } = useDesk();
  const [versions, setVersions] = useState<readonly K[]>();
  const [failure, setFailure] = useState<FailureCode>();
  const { path, list } = kept;
  const { id, version } = thing;
  useEffect(() => {
    // Each change of the thing is a version more.
    void version;
    let isWanted = true;
    void api.call(`/api/v1/${path}/${id}/versions`, { reply: list }).then((outcome) => {
      if (!isWanted) return;
      if (outcome.ok) setVersions(outcome.value.items);
      setFailure(outcome.ok ? undefined : outcome.code);
    });
    return () => {
      isWanted = false;
    };
  }, [api, path, list, id, version]);

  const restore = async (earlier: K) => {
    const restored = await kept.restore(earlier, thing);
    if (restored) onRestored(restored);
  };
  return (
    <section className={styles.panel} aria-label={t('kept.versions', { name: thing.name })}>
      <Failure>{failure && t('layout.failed', { reason: t(`errors.${failure}`) })}</Failure>
      {versions?.length === 0 ? <p className={styles.hint}>{t('kept.noVersions')}</p> : null}
      <ol className={styles.versions}>
        {versions?.map((earlier) => (
          <li key={earlier.version} className={styles.version} data-version={earlier.version}>
            <span>
              <span>{earlier.name}</span>{' '}
              <span className={styles.hint}>
                {t('kept.version', {
                  version: earlier.version,
                  time: formats.dayAndTime(Date.parse(earlier.changedAt)),
                  name: earlier.changedBy,
                })}
              </span>
            </span>
            <Button
              disabled={earlier.leftOut > 0 || thing.leftOut > 0}
              title={earlier.leftOut > 0 ? t('kept.leftOut') : thing.leftOut > 0 ? t('kept.part') : undefined}
              aria-label={t('kept.restoreVersion', { version: earlier.version })}
              onClick={() => void restore(earlier)}
            >
              {t('kept.restore')}
            </Button>
          </li>
        ))}
      </ol>
    </section>
  );
}
