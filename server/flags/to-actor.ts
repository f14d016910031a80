import type { Actor } from '#contract/flags.ts';
import type { Principal } from '../access/decide.ts';
import { toAuditActor } from '../audit/audit.ts';

/** Somebody as a flag names who did something. */
export function toActor(principal: Principal): Actor {
  const { id } = toAuditActor(principal);
  return { kind: 'person', id, name: id };
}
