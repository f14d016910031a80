import type { ErrorCode, Issue } from '#contract/errors.ts';

/**
 * What can go wrong on this side of the wire, beside the contract's codes. `offline`: no connection. `no_answer`: none in
 * time. `unreadable`: an answer that the contract does not know.
 */
export type ClientCode = 'offline' | 'no_answer' | 'unreadable';
export type FailureCode = ErrorCode | ClientCode;

export interface Failure {
  ok: false;
  code: FailureCode;
  message: string;
  issues?: readonly Issue[];
}

/** What every call to the server gives: a value, or a coded failure. Nothing is thrown for what can be expected. */
export type Outcome<T> = { ok: true; value: T } | Failure;

export function failure(code: FailureCode, message: string = code): Failure {
  return { ok: false, code, message };
}
