import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { RegionId } from '#contract/ids.ts';
import { type LimitInfo, LiveRegistry, LiveSnapshot } from '#contract/live.ts';
import { FORMER_FORMAT, PACKED_FORMAT } from '#contract/packed/snapshot.ts';
import type { Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import type { AuditLog } from '../audit/audit.ts';
import type { Registry } from '../nation/registry.ts';
import type { LiveView } from './live.ts';
import { createPackedSnapshots, sendPieces } from './packed-reply.ts';
import { createRegistryReplies, isMatch } from './registry-reply.ts';
import { narrow, type Sight, sightsOf } from './sight.ts';

/** `packed`: in columns, as our own pages take it (`#contract/packed`). It may change from one version to the next. */
const Form = z.enum(['plain', 'packed']).default('plain');

const RegistryQuery = z.strictObject({ form: Form });

const SnapshotQuery = z.strictObject({
  form: Form,
  /** Of the packed form. @default what pages of the version before take */
  format: z.literal([FORMER_FORMAT, PACKED_FORMAT].map(String)).optional(),
  /** One or several regions; all that the caller may see without it. */
  region: z.union([RegionId, z.array(RegionId).max(200)]).optional(),
});

interface RoutesOptions {
  view: Pick<LiveView, 'current' | 'snapshot' | 'seq'>;
  registry: Registry;
  limits: readonly LimitInfo[];
  /** Of registry and limits. */
  version: string;
  audit: Pick<AuditLog, 'auditRefusal'>;
  now: () => number;
}

/** What a page starts from: the registry, and the state of everything in it. */
export function liveRoutes({ view, registry, limits, version, audit, now }: RoutesOptions): AnyRoute[] {
  const registryReply = createRegistryReplies({ registry, limits, version });
  const packedSnapshot = createPackedSnapshots({ view, registry });
  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/live/registry',
      action: 'registry.read',
      authentication: 'session',
      displays: true,
      summary:
        'Regions, facilities, areas and limits that the caller may know of; answers 304 to a matching If-None-Match',
      query: RegistryQuery,
      reply: LiveRegistry,
      handle: async ({ principal, query, request, response }) => {
        const { etag, plain, packed } = registryReply(principal, query.form);
        response.set({ ETag: etag, 'Cache-Control': 'private, no-cache' });
        if (isMatch(request.headers['if-none-match'], etag)) response.status(304).end();
        else if (packed) await sendPieces({ request, response }, [packed]);
        else response.type('application/json').send(plain);
        // Answered already, as text that was made once.
        return undefined as never;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/live/snapshot',
      action: 'status.read',
      authentication: 'session',
      displays: true,
      summary: 'Live state of regions, each as of its sequence number',
      query: SnapshotQuery,
      reply: LiveSnapshot,
      handle: async ({ principal, query, request, response }) => {
        const sights = chosenSights(principal, [query.region ?? []].flat(), { registry, audit });
        if (!view.current) throw new VartaError('store_unavailable', 'live state is being read anew');
        if (query.form === 'packed') {
          const format = query.format === String(PACKED_FORMAT) ? PACKED_FORMAT : FORMER_FORMAT;
          await sendPieces({ request, response }, packedSnapshot(sights, now(), format));
          return undefined;
        }
        const regions = Array.from(sights, ([id, sight]) => narrow(view.snapshot(id), sight, registry));
        return { at: new Date(now()).toISOString(), regions };
      },
    }),
  ];
}

/**
 * What a principal sees of the regions that were asked for; of all in the scope, if none was. Throws `unknown_region`,
 * and `forbidden` for a region outside the scope, which is audited, or for a principal that may see none.
 */
export function chosenSights(
  principal: Principal,
  asked: readonly RegionId[],
  { registry, audit }: Pick<RoutesOptions, 'registry' | 'audit'>,
): Map<RegionId, Sight> {
  const sights = sightsOf(principal, registry);
  if (asked.length === 0) {
    if (sights.size === 0) throw new VartaError('forbidden', 'nothing live is within the scope');
    return sights;
  }
  return new Map(
    asked.map((regionId) => {
      if (!registry.region(regionId))
        throw new VartaError('unknown_region', `there is no region ${regionId}`);
      const sight = sights.get(regionId);
      if (sight) return [regionId, sight];
      const resource = { kind: 'region', regionId } as const;
      audit.auditRefusal({ principal, action: 'status.read', resource, code: 'forbidden' });
      throw new VartaError('forbidden', `${regionId} is outside the scope`);
    }),
  );
}
