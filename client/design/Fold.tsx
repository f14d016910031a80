import { type ReactNode, useState } from 'react';
import styles from './Fold.module.css';

interface FoldProps {
  title: string;
  /** Tells it from others around, for keys that open it. */
  name?: string;
  /** A strip of its own below a row, rather than a part of what is around it. @default false */
  strip?: boolean;
  /** Also opens when this becomes true. @default false */
  openAtFirst?: boolean;
  /** Exists only while it is open: it may ask for something. */
  children: ReactNode;
}

/** Something that is there when it is wanted, under its name. */
export function Fold({ title, name, strip = false, openAtFirst = false, children }: FoldProps) {
  const [open, setOpen] = useState(openAtFirst);
  const [wasAsked, setWasAsked] = useState(openAtFirst);
  if (openAtFirst !== wasAsked) {
    setWasAsked(openAtFirst);
    if (openAtFirst) setOpen(true);
  }
  return (
    <details
      open={open}
      data-fold={name}
      className={strip ? styles.strip : undefined}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className={styles.summary}>{title}</summary>
      {open ? children : null}
    </details>
  );
}
