import type { z } from 'zod';
import { AssigneeList, FlagEscalation } from '#contract/alerts.ts';
import {
  Flag,
  type FlagCallBody,
  type FlagTransitionBody,
  type RaiseFlagBody,
  type ShelveFlagBody,
} from '#contract/flags.ts';
import type { Api } from '../session/api.ts';
import type { Outcome } from '../session/failure.ts';
import type { AssigneePlace } from './assignees.ts';

type Raise = z.input<typeof RaiseFlagBody>;
type Transition = z.input<typeof FlagTransitionBody>;

/** What a person can do about flags. What comes of it arrives with the live data, for everybody at once. */
export interface FlagActions {
  /** An id for a flag that is about to be raised; kept over repeated attempts, so that one flag comes of them. */
  newId(): string;
  raise(flag: Raise): Promise<Outcome<Flag>>;
  acknowledge(flag: Flag): Promise<Outcome<Flag>>;
  assign(flag: Flag, assignee: string, reason: string | undefined): Promise<Outcome<Flag>>;
  /** Those to whom flags of a region, or of one of its facilities, can be assigned. */
  assignees(place: AssigneePlace): Promise<Outcome<AssigneeList>>;
  /** Who was told of a flag, and who is next. */
  escalation(flagId: string): Promise<Outcome<FlagEscalation>>;
  /** Puts a call down with a flag, whatever became of it. */
  noteCall(flagId: string, call: z.input<typeof FlagCallBody>): Promise<Outcome<Flag>>;
  /** Puts a flag aside for some time. */
  shelve(flag: Flag, shelving: z.input<typeof ShelveFlagBody>): Promise<Outcome<Flag>>;
  /** Takes a flag back that was put aside. */
  unshelve(flag: Flag): Promise<Outcome<Flag>>;
  close(flag: Flag, to: 'resolved' | 'dismissed', reason: string): Promise<Outcome<Flag>>;
}

export function createFlagActions({ api, newId }: { api: Api; newId(): string }): FlagActions {
  const step = (flag: Flag, body: Omit<Transition, 'version'>) =>
    api.call(`/api/v1/flags/${flag.id}/transitions`, {
      body: { ...body, version: flag.version } satisfies Transition,
      reply: Flag,
    });
  return {
    newId,
    raise: (flag) => api.call('/api/v1/flags', { body: flag, reply: Flag }),
    acknowledge: (flag) => step(flag, { to: 'acknowledged' }),
    assign: (flag, assignee, reason) =>
      step(flag, { to: 'assigned', assignee, ...(reason === undefined ? {} : { reason }) }),
    assignees: ({ regionId, facilityId }) => {
      const query = new URLSearchParams({
        region: regionId,
        ...(facilityId === undefined ? {} : { facility: facilityId }),
      });
      return api.call(`/api/v1/assignees?${query}`, { reply: AssigneeList });
    },
    escalation: (flagId) => api.call(`/api/v1/flags/${flagId}/escalation`, { reply: FlagEscalation }),
    noteCall: (flagId, call) => api.call(`/api/v1/flags/${flagId}/calls`, { body: call, reply: Flag }),
    shelve: (flag, shelving) =>
      api.call(`/api/v1/flags/${flag.id}/shelving`, { body: shelving, reply: Flag }),
    unshelve: (flag) => api.call(`/api/v1/flags/${flag.id}/shelving`, { method: 'DELETE', reply: Flag }),
    close: (flag, to, reason) => step(flag, { to, reason }),
  };
}
