import type { ReactNode } from 'react';
import styles from './VisuallyHidden.module.css';

interface VisuallyHiddenProps {
  /** `span` inside a button or a line of text. @default 'div' */
  as?: 'div' | 'span' | 'h1';
  children: ReactNode;
}

/** Text for those who listen. */
export function VisuallyHidden({ as: Element = 'div', children }: VisuallyHiddenProps) {
  return <Element className={styles.hidden}>{children}</Element>;
}
