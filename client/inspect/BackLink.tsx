import { ArrowLeft } from 'lucide-react';
import { Link } from 'wouter';
import { useTexts } from '../desk/desk-context.ts';
import styles from './Screen.module.css';

/** The way back, always at the same place. */
export function BackLink({ to, name }: { to: string; name?: string | undefined }) {
  const { t } = useTexts();
  return (
    <Link href={to} className={styles.back}>
      <ArrowLeft size="1.125rem" aria-hidden="true" />
      {name ?? t('inspect.back')}
    </Link>
  );
}
