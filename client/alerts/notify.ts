/** Whether the person lets this page show notifications of the system. */
export type NotifyState = NotificationPermission | 'unsupported';

export interface Notice {
  /** The same notice twice is one. */
  tag: string;
  title: string;
  body: string;
  /** Stays until somebody deals with it. */
  isUrgent: boolean;
  language: string;
  onClick(): void;
}

export function notifyState(page: Window & typeof globalThis): NotifyState {
  return 'Notification' in page ? page.Notification.permission : 'unsupported';
}

/** Asks the person; only in answer to a gesture. */
export async function askToNotify(page: Window & typeof globalThis): Promise<NotifyState> {
  return 'Notification' in page ? page.Notification.requestPermission() : 'unsupported';
}

/**
 * Shows a notification of the system, if nobody looks at this page now: over a wall that is watched nothing pops up.
 * Without sound, which the page makes by itself.
 */
export function notify(page: Window & typeof globalThis, notice: Notice): boolean {
  if (notifyState(page) !== 'granted' || page.document.hasFocus()) return false;
  const { tag, title, body, isUrgent, language, onClick } = notice;
  try {
    const shown = new page.Notification(title, {
      tag,
      body,
      lang: language,
      silent: true,
      requireInteraction: isUrgent,
      icon: '/favicon-alert.svg',
    });
    shown.addEventListener('click', () => {
      page.focus();
      shown.close();
      onClick();
    });
    return true;
  } catch {
    // Some phones only let service workers notify; they get pushes.
    return false;
  }
}
