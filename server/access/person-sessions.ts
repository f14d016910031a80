import type { Request } from 'express';
import type { SessionView } from '#contract/accounts.ts';
import type { Account } from './account.ts';

/** What this domain asks of the sessions of people. */
export interface PersonSessions {
  current(request: Request): Promise<{ account: Account; sessionId: string } | undefined>;
  /** The session goes on under a new id, as one whose person has just proved who they are. */
  confirm(request: Request, account: Account): Promise<void>;
  isConfirmed(request: Request): boolean;
  /** Newest first. */
  list(username: string): Promise<Omit<SessionView, 'current'>[]>;
  /** Ends sessions of an account, with what hangs on them on every replica; returns their handles. */
  end(username: string, choose: (sessionId: string) => boolean): Promise<string[]>;
}
