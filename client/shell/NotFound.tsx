import { MapPinOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Notice } from '../design/Notice.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Notice icon={MapPinOff} title={t('notFound.title')} hint={t('notFound.hint')}>
      <Link href="/">{t('notFound.back')}</Link>
    </Notice>
  );
}
