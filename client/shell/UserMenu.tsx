import { Popover } from '@base-ui/react/popover';
import { Bell, KeyRound, LogOut, UserRound } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { attentionOf } from '../inspect/records-view.ts';
import { SignOutWarning } from '../inspect/SignOutWarning.tsx';
import { useSession } from '../session/session-context.ts';
import { AlarmPlaceField } from './AlarmPlaceField.tsx';
import { LanguageSwitch } from './LanguageSwitch.tsx';
import { TextSizeField } from './TextSizeField.tsx';
import { ThemeSwitch } from './ThemeSwitch.tsx';
import styles from './UserMenu.module.css';

/** Who is signed in, the language, the way out. */
export function UserMenu() {
  const { t, language } = useTexts();
  const session = useSession();
  const { who, outbox } = useDesk();
  const [asking, setAsking] = useState(false);

  /** Whoever leaves records behind on the device is told so first. */
  function leave(): void {
    if (outbox && attentionOf(outbox.store.getState().records) > 0) setAsking(true);
    else void session.signOut();
  }

  return (
    <>
      <Popover.Root>
        <Popover.Trigger render={<Button look="quiet" iconOnly aria-label={t('user.menu')} />}>
          <UserRound size="1.125rem" aria-hidden="true" />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner sideOffset={6} align="end">
            <Popover.Popup className={styles.popup}>
              <div>
                <Popover.Title className={styles.name}>{who.displayName[language]}</Popover.Title>
                {who.role ? <p className={styles.role}>{t(`user.roles.${who.role}`)}</p> : null}
              </div>
              <LanguageSwitch />
              <ThemeSwitch />
              <TextSizeField />
              <AlarmPlaceField />
              <Popover.Close nativeButton={false} render={<Link href="/account" className={styles.link} />}>
                <KeyRound size="1rem" aria-hidden="true" />
                {t('account.title')}
              </Popover.Close>
              <Popover.Close nativeButton={false} render={<Link href="/alerts" className={styles.link} />}>
                <Bell size="1rem" aria-hidden="true" />
                {t('alerts.title')}
              </Popover.Close>
              <Button onClick={leave}>
                <LogOut size="1rem" aria-hidden="true" />
                {t('user.signOut')}
              </Button>
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      {outbox && asking ? (
        <SignOutWarning
          outbox={outbox}
          onStay={() => setAsking(false)}
          onLeave={() => void session.signOut()}
        />
      ) : null}
    </>
  );
}
