import type { OutsideAlert } from '#contract/alerts.ts';

/** Only the type is imported: the service worker has no room for schemas, and the server is the only one who can send. */
type Pushed = Partial<OutsideAlert>;

const LEVELS = { 1: 'НЕГАЙНО', 2: 'Швидко', 3: 'Увага', 4: 'Переглянути' } as const;

/** What a device shows of a push. In Ukrainian: a device knows no language of the page, and nobody's name is in it. */
export interface PushNotice {
  tag: string;
  title: string;
  body: string;
  isUrgent: boolean;
  /** Shows itself and goes. */
  isQuiet: boolean;
  /** Where a click leads. */
  path: string;
}

/** A push as a notice; one that cannot be read still says that something is there. */
export function toPushNotice(text: string | undefined): PushNotice {
  const alert = read(text);
  const tag = alert.id ?? 'varta';
  if (alert.kind === 'canary')
    return {
      tag: 'varta-canary',
      title: 'Варта',
      body: 'Шлях сповіщень перевірено',
      isUrgent: false,
      isQuiet: true,
      path: '/',
    };
  if (alert.kind === 'digest')
    return {
      tag,
      title: 'Варта',
      body: `За тихі години сповіщень: ${alert.total ?? ''}`,
      isUrgent: false,
      isQuiet: false,
      path: '/flags',
    };
  if (alert.kind === 'watching')
    return {
      tag,
      title: 'Варта',
      body: 'Є нічний перегляд, який треба розглянути',
      isUrgent: false,
      isQuiet: false,
      path: alert.link ?? '/audit/watching',
    };
  const level = alert.severity ?? 2;
  return {
    tag,
    title: LEVELS[level],
    body: alert.place?.uk ?? 'Тривога чекає на відповідь',
    isUrgent: level === 1,
    isQuiet: false,
    path: alert.link ?? '/flags',
  };
}

function read(text: string | undefined): Pushed {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Pushed) : {};
  } catch {
    return {};
  }
}
