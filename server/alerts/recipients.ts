import type { RoleId } from '#contract/session.ts';
import { type Account, toPerson } from '../access/account.ts';
import { decide, type Resource } from '../access/decide.ts';

/** More people than this are not told of one step: it would be everybody, and nobody. */
const MAX_RECIPIENTS = 500;

/** User names of those who have one of these roles, and may answer flags at this place; sorted. */
export function recipientsOf(
  accounts: readonly Account[],
  roles: readonly RoleId[],
  place: Resource,
): readonly string[] {
  return accounts
    .filter((account) => roles.includes(account.role))
    .filter((account) => decide(toPerson(account), 'flag.acknowledge', place).allow)
    .map(({ username }) => username)
    .toSorted()
    .slice(0, MAX_RECIPIENTS);
}

/**
 * User names of outside control for a place, sorted; without whoever it is about. Nobody else is told of watching: neither
 * those who watched, nor their superiors, nor the place that was watched.
 */
export function controllersOf(
  accounts: readonly Account[],
  place: Resource,
  about: string,
): readonly string[] {
  return accounts
    .filter(({ username }) => username !== about)
    .filter((account) => decide(toPerson(account), 'watching.review', place).allow)
    .map(({ username }) => username)
    .toSorted()
    .slice(0, MAX_RECIPIENTS);
}

/** Those to whom a flag at this place may be assigned, by role and then by name. */
export function assigneesOf(accounts: readonly Account[], place: Resource): readonly Account[] {
  return accounts
    .filter((account) => decide(toPerson(account), 'flag.be-assigned', place).allow)
    .toSorted((a, b) => a.role.localeCompare(b.role) || a.username.localeCompare(b.username));
}
