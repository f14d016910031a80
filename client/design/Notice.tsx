import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Notice.module.css';

interface NoticeProps {
  icon?: LucideIcon;
  title: string;
  hint?: string;
  /** Said to a screen reader when it appears. @default 'status' */
  role?: 'status' | 'alert';
  /** It is all that there is on the page, and its title the page's. */
  wholePage?: true;
  children?: ReactNode;
}

/** What stands where content would be: what happened, what still works, what to do. */
export function Notice({ icon: Icon, title, hint, role = 'status', wholePage, children }: NoticeProps) {
  const Title = wholePage ? 'h1' : 'p';
  return (
    <div className={styles.notice} role={role}>
      {Icon ? <Icon size="2.75em" strokeWidth={1.25} aria-hidden="true" /> : null}
      <Title className={styles.title}>{title}</Title>
      {hint ? <p className={styles.hint}>{hint}</p> : null}
      {children ? <div className={styles.actions}>{children}</div> : null}
    </div>
  );
}
