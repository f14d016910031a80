import { useCallback, useEffect, useState } from 'react';
import type { z } from 'zod';
import {
  AccountList,
  type AccountView,
  AccountWithPassword,
  type ChangeAccountBody,
  type CreateAccountBody,
} from '#contract/accounts.ts';
import type { FailureCode, Outcome } from '../session/failure.ts';
import { useSession } from '../session/session-context.ts';

const PATH = '/api/v1/accounts';

/** Something that is shown once. */
export interface Shown {
  kind: 'onePassword' | 'newKey' | 'newIntakeKey';
  name: string;
  secret: string;
}

export interface Admin {
  accounts: readonly AccountView[];
  failed: FailureCode | undefined;
  create(body: z.infer<typeof CreateAccountBody>): Promise<boolean>;
  change(username: string, body: z.infer<typeof ChangeAccountBody>): Promise<boolean>;
  resetPassword(username: string): Promise<boolean>;
  resetTotp(username: string): Promise<boolean>;
  unlock(username: string): Promise<boolean>;
}

/** Accounts and what an administrator does to them; `run` asks for proof of who this is where the server wants it. */
export function useAdmin(
  run: <T>(action: () => Promise<Outcome<T>>) => Promise<Outcome<T>>,
  show: (shown: Shown) => void,
): Admin {
  const { api } = useSession();
  const [accounts, setAccounts] = useState<readonly AccountView[]>([]);
  const [failed, setFailed] = useState<FailureCode>();

  const load = useCallback(async () => {
    const answer = await api.call(PATH, { reply: AccountList });
    if (answer.ok) setAccounts(answer.value.items);
    else setFailed(answer.code);
  }, [api]);
  useEffect(() => void load(), [load]);

  async function act<T>(action: () => Promise<Outcome<T>>, then?: (value: T) => void): Promise<boolean> {
    const answer = await run(action);
    setFailed(answer.ok ? undefined : answer.code);
    if (answer.ok) then?.(answer.value);
    await load();
    return answer.ok;
  }
  const showPassword = ({ account, oneTimePassword }: AccountWithPassword) =>
    show({ kind: 'onePassword', name: account.username, secret: oneTimePassword });
  const at = (username: string, rest = '') => `${PATH}/${encodeURIComponent(username)}${rest}`;

  return {
    accounts,
    failed,
    create: (body) => act(() => api.call(PATH, { body, reply: AccountWithPassword }), showPassword),
    change: (username, body) =>
      act(() => api.call(at(username), { method: 'PATCH', body, reply: undefined })),
    resetPassword: (username) =>
      act(
        () => api.call(at(username, '/password'), { method: 'POST', reply: AccountWithPassword }),
        showPassword,
      ),
    resetTotp: (username) =>
      act(() => api.call(at(username, '/totp'), { method: 'DELETE', reply: undefined })),
    unlock: (username) => act(() => api.call(at(username, '/unlock'), { method: 'POST', reply: undefined })),
  };
}
