import { type ReactNode, useId } from 'react';
import styles from './Page.module.css';

interface FormPageProps {
  title: string;
  lead?: string;
  /** For lists beside forms. @default false */
  wide?: boolean;
  /** Below the title, above the sections. */
  head?: ReactNode;
  children: ReactNode;
}

/** A page of settings and forms: a column of sections that scrolls by itself. */
export function FormPage({ title, lead, wide = false, head, children }: FormPageProps) {
  return (
    <section className={styles.page} aria-label={title}>
      <div className={`${styles.inner} ${wide ? styles.wide : ''}`}>
        <header>
          <h1 className={styles.title}>{title}</h1>
          {lead ? <p className={styles.lead}>{lead}</p> : null}
          {head}
        </header>
        {children}
      </div>
    </section>
  );
}

interface FormSectionProps {
  title: string;
  hint?: string;
  /** Beside the title. */
  tools?: ReactNode;
  children: ReactNode;
}

/** A part of such a page, with its name. */
export function FormSection({ title, hint, tools, children }: FormSectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.heading}>
        <h2 id={id}>{title}</h2>
        {tools}
      </div>
      {hint ? <p className={styles.lead}>{hint}</p> : null}
      {children}
    </section>
  );
}
