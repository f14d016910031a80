import { MapPinOff } from 'lucide-react';
import { Link } from 'wouter';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';

export function NotFound() {
  const { t } = useTexts();
  return (
    <Notice wholePage icon={MapPinOff} title={t('notFound.title')} hint={t('notFound.hint')}>
      <Link href="/">{t('notFound.back')}</Link>
    </Notice>
  );
}
