import { CircleAlert } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../design/Notice.tsx';
import { Guard } from '../shell/Guard.tsx';
import styles from './DisplayApp.module.css';

interface DisplayGuardProps {
  children: ReactNode;
  /** There is nothing else on the screen any more; nobody is in front of it. */
  onFailed(): void;
}

/** Around all that a display shows: a fault of it says so instead of leaving a black screen. */
export function DisplayGuard({ children, onFailed }: DisplayGuardProps) {
  return <Guard failed={() => <Failed onFailed={onFailed} />}>{children}</Guard>;
}

function Failed({ onFailed }: Pick<DisplayGuardProps, 'onFailed'>) {
  const { t } = useTranslation();
  useEffect(() => onFailed(), [onFailed]);
  return (
    <main className={styles.far}>
      <Notice
        wholePage
        icon={CircleAlert}
        title={t('display.failed')}
        hint={t('display.failedHint')}
        role="alert"
      />
    </main>
  );
}
