import { EyeOff } from 'lucide-react';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';

/** For roles that run the system and see nobody. */
export function NoRight() {
  const { t } = useTexts();
  return <Notice wholePage icon={EyeOff} title={t('wall.noRight')} hint={t('wall.noRightHint')} />;
}
