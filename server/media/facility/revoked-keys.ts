import { z } from 'zod';
import { toVartaError } from '#contract/errors.ts';
import { FacilityId, type FeedId, NodeId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';
import { type Repeated, repeat } from '../../concurrency/repeat.ts';
import type { Registry } from '../../nation/registry.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { Log } from '../ports.ts';
import { toGrantedFeed } from '../viewers/feed-access.ts';

/** How often it is looked for what a key has opened that is no key any more, for news that got lost. */
const SWEEP_MS = 15_000;

/** News: a key opens nothing any more. */
export const RevokedKey = z.strictObject({ facilityId: FacilityId, keyId: z.string().min(1).max(64) });
export type RevokedKey = z.infer<typeof RevokedKey>;

/** Who publishes a feed by WHIP, and where. */
const Publication = z.strictObject({
  facilityId: FacilityId,
  keyId: z.string().min(1).max(64),
  nodeId: NodeId,
  resourceId: z.string().min(1).max(100),
});
export type Publication = z.infer<typeof Publication>;

/** KEYS publications. ARGV feed, JSON expected: an encoder that came again meanwhile has another one there. */
const FORGET = defineScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])
`);

/** A publication as it is noted, with the very text that Redis holds. */
interface Noted {
  feedId: FeedId;
  publication: Publication;
  json: string;
}

interface RevokedKeysOptions {
  redis: Redis;
  registry: Pick<Registry, 'feed'>;
  links: Pick<SfuLinks, 'request' | 'has'>;
  signer: Pick<GrantSigner, 'signPublish'>;
  keyIdsOf(facilityId: FacilityId): Promise<ReadonlySet<string>>;
  /** Connections of equipment, and how to end those of a key. */
  equipment: {
    shownKeys(): readonly RevokedKey[];
    endKey(key: RevokedKey): void;
  };
  log: Log;
}

/** Ends what a key has opened once it is revoked: publications over WHIP, and connections of equipment. */
export class RevokedKeys implements AsyncDisposable {
  readonly #options: RevokedKeysOptions;
  readonly #sweeping: Repeated;

  constructor(options: RevokedKeysOptions) {
    this.#options = options;
    this.#sweeping = repeat(() => this.#sweep(), {
      everyMs: SWEEP_MS,
      onError: (error) => options.log.warn({ err: error }, 'what revoked keys have opened is not known'),
    });
  }

  /** A feed is published with a key from now on. */
  async note(feedId: FeedId, publication: Publication): Promise<void> {
    await this.#options.redis.hSet(keys.publications, feedId, JSON.stringify(publication));
  }

  /** A message of the channel of revoked keys. */
  handleNews(message: string): void {
    const { log } = this.#options;
    const revoked = parse(RevokedKey, message);
    if (!revoked) {
      log.warn({}, 'unreadable news of a revoked key');
      return;
    }
    this.#end(revoked).catch((error: unknown) => {
      log.error({ err: error, ...revoked }, 'what a revoked key has opened did not end; tried again soon');
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sweeping[Symbol.asyncDispose]();
  }

  async #end(revoked: RevokedKey): Promise<void> {
    this.#options.equipment.endKey(revoked);
    const opened = (await this.#publications()).filter(
      ({ publication: { facilityId, keyId } }) =>
        facilityId === revoked.facilityId && keyId === revoked.keyId,
    );
    await Promise.all(opened.map((noted) => this.#stop(noted)));
  }

  async #stop({ feedId, publication: { nodeId, resourceId }, json }: Noted): Promise<void> {
    const { redis, registry, links, signer, log } = this.#options;
    const placed = registry.feed(feedId);
    // With its node it is gone.
    if (placed && links.has(nodeId)) {
      const grant = await signer.signPublish(nodeId, toGrantedFeed(placed));
      await links.request({ nodeId, message: 'whip:stop' }, { grant, resourceId }).catch(unlessGone);
      log.info({ feedId, nodeId }, 'a publication is over, its key is revoked');
    }
    await runScript(redis, FORGET, [keys.publications], [feedId, json]);
  }

  async #sweep(): Promise<void> {
    const { keyIdsOf, equipment } = this.#options;
    const used = [
      ...equipment.shownKeys(),
      ...(await this.#publications()).map(({ publication }) => publication),
    ];
    const byFacility = Map.groupBy(used, ({ facilityId }) => facilityId);
    for (const [facilityId, shown] of byFacility) {
      const good = await keyIdsOf(facilityId);
      const keyIds = new Set(shown.map(({ keyId }) => keyId).filter((keyId) => !good.has(keyId)));
      for (const keyId of keyIds) await this.#end({ facilityId, keyId });
    }
  }

  async #publications(): Promise<Noted[]> {
    const kept = await this.#options.redis.hGetAll(keys.publications);
    return Object.entries(kept).flatMap(([feedId, json]) => {
      const publication = parse(Publication, json);
      return publication ? [{ feedId: feedId as FeedId, publication, json }] : [];
    });
  }
}

/** What had ended by itself has ended; any other refusal is tried again. */
function unlessGone(thrown: unknown): void {
  if (toVartaError(thrown).code !== 'unknown_resource') throw thrown;
}

function parse<S extends z.ZodType>(schema: S, json: string): z.infer<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
