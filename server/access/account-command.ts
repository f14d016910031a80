import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Username } from '#contract/accounts.ts';
import { RoleId, Scope } from '#contract/session.ts';

export const ACCOUNT_USAGE = `npm run account -- create <username> --role <role> --scope <scope> [--name <name>]
npm run account -- reset <username>

create  makes an account and prints a password that is good for one sign-in
reset   gives an account a new password of that kind and takes its second factor away

<role>   ${RoleId.options.join(', ')}
<scope>  nation, regions:UA-68,UA-32 or facilities:<id>,<id>
REDIS_URL says which Redis.
`;

export type AccountCommand =
  | { command: 'create'; username: string; role: RoleId; scope: Scope; name: string }
  | { command: 'reset'; username: string };

/** Reads the command line; throws with what is wrong. */
export function parseAccountCommand(args: readonly string[]): AccountCommand {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { role: { type: 'string' }, scope: { type: 'string' }, name: { type: 'string' } },
  });
  const [command, username] = z
    .tuple([z.enum(['create', 'reset']), Username], 'say create or reset, and a user name of small letters')
    .parse(positionals);
  if (command === 'reset') return { command, username };
  return {
    command,
    username,
    role: RoleId.parse(values.role),
    scope: parseScope(values.scope ?? ''),
    name: values.name ?? username,
  };
}

function parseScope(text: string): Scope {
  const [kind = '', list = ''] = text.split(':', 2);
  const ids = list.split(',').filter((id) => id !== '');
  if (kind === 'regions') return Scope.parse({ kind, regionIds: ids });
  if (kind === 'facilities') return Scope.parse({ kind, facilityIds: ids });
  return Scope.parse({ kind });
}
