import { EyeOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../design/Notice.tsx';

/** For roles that run the system and see nobody. */
export function NoRight() {
  const { t } = useTranslation();
  return <Notice icon={EyeOff} title={t('wall.noRight')} hint={t('wall.noRightHint')} />;
}
