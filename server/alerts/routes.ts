import type { Request } from 'express';
import { z } from 'zod';
import {
  AlertPath,
  AlertSettings,
  type EscalationStepTaken,
  FlagEscalation,
  PushSubscribed,
  PushSubscriptionBody,
} from '#contract/alerts.ts';
import { VartaError } from '#contract/errors.ts';
import type { Flag } from '#contract/flags.ts';
import { FlagId } from '#contract/ids.ts';
import { type EscalationSet, escalationOf } from '../../config/escalation/escalation.ts';
import type { Principal } from '../access/decide.ts';
import { sessionEndsAtMs, toSessionHandle } from '../access/session.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { assertMay } from '../audit/assert-may.ts';
import { type AuditLog, toAuditActor } from '../audit/audit.ts';
import { flagResource, raisedAtMs } from '../flags/flag.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { Registry } from '../nation/registry.ts';
import { flagAlertId } from './alert-ids.ts';
import type { AlertStore } from './alert-store.ts';
import { type EscalationStore, NO_STEPS, type TakenRecord } from './escalation-store.ts';
import { planEscalation } from './plan-escalation.ts';
import type { PushStore } from './push-store.ts';

/** People of one step whose alerts are looked up; steps that told more of them name the first. */
const MAX_PEOPLE = 50;

const FlagParams = z.strictObject({ flagId: FlagId });
const PushParams = z.strictObject({ pushId: z.string().max(64) });

export interface AlertRoutesOptions {
  flags: Pick<FlagStore, 'find'>;
  escalations: Pick<EscalationStore, 'read'>;
  alerts: Pick<AlertStore, 'standing'>;
  sets: readonly EscalationSet[];
  registry: Pick<Registry, 'area' | 'nation'>;
  audit: Pick<AuditLog, 'append' | 'auditRefusal'>;
  settingsOf(username: string): Promise<AlertSettings>;
  changeSettings(username: string, settings: AlertSettings): Promise<void>;
  path(): AlertPath;
  /** Undefined while Web Push is off. */
  pushes: Pick<PushStore, 'add' | 'remove'> | undefined;
  isPushService(endpoint: string): boolean;
  now: () => number;
}

/** What became of alerts, how one wants to be told, and whether the path works. */
export function alertRoutes(options: AlertRoutesOptions): AnyRoute[] {
  const { flags, escalations, registry, sets, audit, now } = options;

  const findFlag = async (principal: Principal, id: FlagId): Promise<Flag> => {
    const regions = registry.nation.regions.map((region) => region.id);
    const stored = await flags.find(id, regions);
    if (!stored) throw new VartaError('unknown_flag');
    const resource = flagResource(stored.flag, registry);
    assertMay({ principal, action: 'flag.read', resource }, audit);
    return stored.flag;
  };

  const toTaken = async (flag: Flag, taken: TakenRecord): Promise<EscalationStepTaken> => ({
    step: taken.step,
    reason: taken.reason,
    at: taken.at,
    to: taken.to,
    people: await Promise.all(
      taken.recipients.slice(0, MAX_PEOPLE).map(async (username) => {
        const standing = await options.alerts.standing(username, flagAlertId(flag.id, taken.key, username));
        return { username, state: standing.state, at: 'at' in standing ? standing.at : null };
      }),
    ),
  });

  const escalationOfFlag = async (flag: Flag): Promise<FlagEscalation> => {
    const { steps } = (await escalations.read(flag.regionId, [flag.id])).get(flag.id) ?? NO_STEPS;
    const { regionId, severity } = flag;
    const plan = planEscalation(flag, steps, {
      steps: escalationOf(sets, { regionId, severity, raisedAtMs: raisedAtMs(flag) }),
      recipientsOf: () => [],
      nowMs: now(),
    });
    return {
      steps: await Promise.all(steps.map((taken) => toTaken(flag, taken))),
      next: plan.next ? { at: new Date(plan.next.atMs).toISOString(), to: [...plan.next.to] } : null,
    };
  };

  const subscribe = async (
    principal: Principal,
    subscription: PushSubscriptionBody,
    request: Request,
  ): Promise<PushSubscribed> => {
    const { pushes } = options;
    if (!pushes) throw new VartaError('not_found', 'Web Push is off');
    if (!options.isPushService(subscription.endpoint)) {
      const message = 'not a push service that this server may call';
      throw new VartaError('invalid', message, { issues: [{ path: ['endpoint'], message }] });
    }
    const untilMs = endOf(principal, request.session.signedInAtMs ?? now());
    const sessionId = request.session.handle ?? toSessionHandle(request.sessionID);
    const id = await pushes.add(nameOf(principal), { subscription, sessionId, untilMs }, now());
    return { id, until: new Date(untilMs).toISOString() };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/flags/:flagId/escalation',
      action: 'flag.read',
      authentication: 'session',
      summary: 'Who was told of a flag, when and why, what became of it, and who is next',
      params: FlagParams,
      reply: FlagEscalation,
      handle: async ({ principal, params }) => escalationOfFlag(await findFlag(principal, params.flagId)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/alerts/settings',
      action: 'alert.own',
      authentication: 'session',
      summary: 'How the caller wants to be told: sound and quiet hours',
      reply: AlertSettings,
      handle: ({ principal }) => options.settingsOf(nameOf(principal)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/alerts/settings',
      action: 'alert.own',
      authentication: 'session',
      summary: 'Set how the caller wants to be told; in place of what was set before',
      body: AlertSettings,
      reply: AlertSettings,
      handle: async ({ principal, body }) => {
        await options.changeSettings(nameOf(principal), body);
        const { quiet } = body;
        await audit.append('nation', {
          actor: toAuditActor(principal),
          action: 'alert.settings',
          resource: 'session',
          outcome: 'done',
          details: { quiet: quiet ? `${quiet.days.join('')} ${quiet.from}-${quiet.to}` : null },
        });
        return body;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/alerts/path',
      action: 'alert.path',
      authentication: 'session',
      summary: 'Whether alerts reach people, as the hourly canary shows it',
      reply: AlertPath,
      handle: () => options.path(),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/alerts/pushes',
      action: 'alert.own',
      authentication: 'session',
      summary: 'Have alerts sent to this browser by Web Push, until the session ends at the latest',
      body: PushSubscriptionBody,
      reply: PushSubscribed,
      replyStatus: 201,
      handle: ({ principal, body, request }) => subscribe(principal, body, request),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/v1/alerts/pushes/:pushId',
      action: 'alert.own',
      authentication: 'session',
      summary: 'End the pushes to a browser of the caller',
      params: PushParams,
      handle: async ({ principal, params }) => {
        await options.pushes?.remove(nameOf(principal), params.pushId);
        return undefined;
      },
    }),
  ];
}

/** When the caller's session ends at the latest, in milliseconds since the epoch. */
function endOf(principal: Principal, signedInAtMs: number): number {
  if (principal.kind !== 'person') throw new VartaError('forbidden');
  return sessionEndsAtMs(signedInAtMs, principal.role);
}

function nameOf(principal: Principal): string {
  if (principal.kind !== 'person') throw new VartaError('forbidden');
  return principal.username;
}
