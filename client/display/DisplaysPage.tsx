import type { ComponentType } from 'react';
import { Link, useParams } from 'wouter';
import { useTexts } from '../desk/desk-context.ts';
import styles from './DisplaysPage.module.css';
import { DisplaysView } from './DisplaysView.tsx';
import { DISPLAYS_PARTS, type DisplaysPart, displaysPath } from './parts.ts';
import { ToursView } from './tours/ToursView.tsx';
import { WallsView } from './walls/WallsView.tsx';

const VIEWS: Record<DisplaysPart, ComponentType> = {
  displays: DisplaysView,
  tours: ToursView,
  walls: WallsView,
};

/** Large screens, what goes over them in turn, and several of them as one. */
export function DisplaysPage() {
  const { t } = useTexts();
  const wanted = useParams()['*'];
  const part = DISPLAYS_PARTS.find((name) => name === wanted) ?? DISPLAYS_PARTS[0];
  const Content = VIEWS[part];
  return (
    <section className={styles.page} aria-label={t('displays.title')}>
      <header className={styles.header}>
        <h1 className={styles.title}>{t('displays.title')}</h1>
        <nav aria-label={t('displays.parts')}>
          <ul className={styles.parts}>
            {DISPLAYS_PARTS.map((name) => (
              <li key={name}>
                <Link
                  href={displaysPath(name)}
                  className={styles.part}
                  aria-current={name === part ? 'page' : undefined}
                >
                  {t(`displays.part.${name}`)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <Content />
    </section>
  );
}
