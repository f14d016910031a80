import { Link, useParams } from 'wouter';
import { useTexts } from '../desk/desk-context.ts';
import styles from './DisplaysPage.module.css';
import { DisplaysView } from './DisplaysView.tsx';
import { ToursView } from './tours/ToursView.tsx';
import { WallsView } from './walls/WallsView.tsx';

/** Parts of the page in their order; the first is shown when the path names none. */
const PARTS = { displays: DisplaysView, tours: ToursView, walls: WallsView } as const;
type Part = keyof typeof PARTS;
const NAMES = Object.keys(PARTS) as Part[];

/** Large screens, what goes over them in turn, and several of them as one. */
export function DisplaysPage() {
  const { t } = useTexts();
  const wanted = useParams()['*'];
  const part = NAMES.find((name) => name === wanted) ?? 'displays';
  const Content = PARTS[part];
  return (
    <section className={styles.page} aria-label={t('displays.title')}>
      <header className={styles.header}>
        <h1 className={styles.title}>{t('displays.title')}</h1>
        <nav aria-label={t('displays.parts')}>
          <ul className={styles.parts}>
            {NAMES.map((name) => (
              <li key={name}>
                <Link
                  href={name === 'displays' ? '/displays' : `/displays/${name}`}
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
