/**
 * Stands for the notifications of a system: keeps what was made, and what stands on the screen by tag. As the browser does,
 * a notification of the same tag takes the place of the one before.
 */
export class RecordedNotification extends EventTarget {
  static permission: NotificationPermission = 'granted';
  /** As on phones where only service workers may notify. */
  static refuses = false;
  static made: RecordedNotification[] = [];
  static readonly onScreen = new Map<string, RecordedNotification>();

  static reset(): void {
    RecordedNotification.permission = 'granted';
    RecordedNotification.refuses = false;
    RecordedNotification.made = [];
    RecordedNotification.onScreen.clear();
  }

  static async requestPermission(): Promise<NotificationPermission> {
    RecordedNotification.permission = 'granted';
    return RecordedNotification.permission;
  }

  readonly title: string;
  readonly options: NotificationOptions | undefined;

  constructor(title: string, options?: NotificationOptions) {
    super();
    if (RecordedNotification.refuses) throw new TypeError('Illegal constructor');
    this.title = title;
    this.options = options;
    RecordedNotification.made.push(this);
    RecordedNotification.onScreen.set(options?.tag ?? '', this);
  }

  close(): void {
    const tag = this.options?.tag ?? '';
    if (RecordedNotification.onScreen.get(tag) === this) RecordedNotification.onScreen.delete(tag);
  }
}
