import type { ReactNode } from 'react';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './AuditPage.module.css';
import type { Pages } from './use-pages.ts';

interface PagedListProps<T> {
  pages: Pages<T>;
  label: string;
  empty: string;
  keyOf(item: T, index: number): string;
  children(item: T): ReactNode;
}

/** A list that is read page by page, and what stands there while it is empty. */
export function PagedList<T>({ pages, label, empty, keyOf, children }: PagedListProps<T>) {
  const { t } = useTexts();
  const { items, isKnown, loading, failure, hasMore, more, reload } = pages;
  if (!isKnown && items.length === 0)
    return failure ? (
      <Notice title={t('audit.failed')} hint={t(`errors.${failure}`)} role="alert">
        <Button look="primary" onClick={reload}>
          {t('audit.retry')}
        </Button>
      </Notice>
    ) : (
      <Notice title={t('audit.loading')} />
    );
  return (
    <>
      {items.length === 0 && !hasMore ? <p role="status">{empty}</p> : null}
      <ul className={styles.rows} aria-label={label} aria-busy={loading}>
        {items.map((item, index) => (
          <li key={keyOf(item, index)}>{children(item)}</li>
        ))}
      </ul>
      {failure ? (
        <p className={styles.failure} role="alert">
          {t('audit.failed')} {t(`errors.${failure}`)}
        </p>
      ) : null}
      {hasMore ? (
        <span>
          <Button disabled={loading} onClick={more}>
            {t('audit.more')}
          </Button>
        </span>
      ) : null}
    </>
  );
}
