import { RoleId } from '#contract/session.ts';
import {
  ACTIONS,
  type Action,
  ANONYMOUS_ACTIONS,
  DISPLAY_ACTIONS,
  FACILITY_ACTIONS,
  INTAKE_ACTIONS,
  ROLE_ACTIONS,
} from './roles.ts';
import { SIGN_IN_RULES, STEP_UP_ACTIONS, STEP_UP_MINUTES } from './sign-in-rules.ts';
import { DISPLAY_ROUTES, MESSAGES, NODE_MESSAGES, ROUTES, URL_DESCRIPTIONS } from './surface.ts';

/** Who may do what as a page for people, made from the tables that the policy itself reads. */
export function accessPage(): string {
  const actions = Object.keys(ACTIONS) as Action[];
  return `${[
    INTRODUCTION,
    '## Who may do what',
    table(
      ['may', ...COLUMNS.map(([name]) => name)],
      actions.map((action) => [
        `${ACTIONS[action]}${STEP_UP_ACTIONS.includes(action) ? ' **°**' : ''}`,
        ...COLUMNS.map(([, may]) => (may.includes(action) ? '●' : '')),
      ]),
    ),
    `**°** Whoever does this has proved who they are, by password or code, within the last ${STEP_UP_MINUTES} minutes.`,
    '## How long a sign-in lasts',
    table(
      ['role', 'second factor', 'ends without an open page after', 'ends at the latest after'],
      RoleId.options.map((role) => {
        const { totp, idleMinutes, absoluteHours } = SIGN_IN_RULES[role];
        return [role, totp, `${idleMinutes} min`, `${absoluteHours} h`];
      }),
    ),
    '## What each right opens',
    'Requests, and messages of open pages and equipment (in italics). Nothing else is listened to.',
    table(
      ['right', 'means', 'opens'],
      actions.map((action) => [`\`${action}\``, ACTIONS[action], opens(action)]),
    ),
    `A display, which is nobody’s session, may call these besides its own: ${DISPLAY_ROUTES.map(code).join(', ')}.`,
    '## What media nodes ask for',
    'Nodes do nothing on somebody’s word. Servers sign grants (Ed25519) after the policy was asked; nodes check them with public keys.',
    table(
      ['message', 'needs'],
      Object.entries(NODE_MESSAGES).map(([name, needs]) => [`\`${name}\``, needs]),
    ),
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `# Who may do what

Made from [config/roles](../config/roles) by \`node config/roles/write-access-page.ts\`; change it there. What is not written here is denied.

Where somebody may do it is a matter of their account: the whole country, some regions, or some facilities. Video besides is closed to **everybody** while an area is confidential (a lawyer’s visit, a medical examination), and, where watching is forbidden while somebody is inside, unless it is known that nobody is.`;

const COLUMNS: readonly (readonly [string, readonly Action[]])[] = [
  ...RoleId.options.map((role) => [role, ROLE_ACTIONS[role]] as const),
  ['a display', DISPLAY_ACTIONS],
  ['a facility’s key', FACILITY_ACTIONS],
  ['an outside hotline’s key', INTAKE_ACTIONS],
  ['a stranger', ANONYMOUS_ACTIONS],
];

function opens(action: Action): string {
  const messages = Object.entries(MESSAGES).filter(([, needed]) => needed === action);
  return [
    ...ROUTES[action].map(code),
    ...(action === 'service.probe' ? URL_DESCRIPTIONS.map(code) : []),
    ...messages.map(([name]) => `*${code(name)}*`),
  ].join('<br>');
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
