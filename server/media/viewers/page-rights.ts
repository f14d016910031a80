import { type ErrorCode, VartaError } from '#contract/errors.ts';
import type { FeedId } from '#contract/ids.ts';
import type { PurposeId } from '#contract/personal.ts';
import type { Principal } from '../../access/decide.ts';
import type { AuditLog } from '../../audit/audit.ts';
import type { LiveView } from '../../live/live.ts';
import { areaResource, type Registry } from '../../nation/registry.ts';
import { purposeOf, type StatedPurposes } from '../purposes/purpose-of.ts';
import { decideFeed, type FeedAccess } from './feed-access.ts';

/** A page, as far as its rights go. */
interface AskingPage {
  readonly socket: { readonly data: { readonly principal: Principal; readonly sessionId: string } };
  /** What its session opens areas for, as last read. Changed here only. */
  stated: StatedPurposes;
  /** The session is over. */
  readonly isEnded: boolean;
}

interface PageRightsOptions {
  registry: Pick<Registry, 'feed'>;
  view: Pick<LiveView, 'area' | 'flagsOf'>;
  purposes: { byClass(sessionId: string): Promise<StatedPurposes> };
  audit: Pick<AuditLog, 'auditRefusal'>;
}

/** What became of feeds that a page has opened. */
export interface Opening {
  /** What each may be open for. */
  opened: ReadonlyMap<FeedId, PurposeId>;
  /** Those for which it has to be said first. */
  refused: readonly FeedId[];
}

/** What pages may see, and open, by the policy's word. */
export class PageRights {
  readonly #options: PageRightsOptions;

  constructor(options: PageRightsOptions) {
    this.#options = options;
  }

  /** The policy's word on a feed for a page, with what its session opens such areas for. */
  ask(page: AskingPage, feedId: FeedId): FeedAccess {
    const { registry, view } = this.#options;
    return decideFeed(page.socket.data.principal, feedId, {
      registry,
      area: (areaId) => view.area(areaId),
      purposeOf: (area) => purposeOf(area, { flags: view, stated: page.stated }),
    });
  }

  /**
   * What the page shows opened: each needs a purpose. What its session has stated is read anew where one is missing.
   *
   * @throws VartaError `unauthenticated` when the session has ended meanwhile
   */
  async open(page: AskingPage, feedIds: readonly FeedId[]): Promise<Opening> {
    const asks = () => feedIds.map((feedId) => ({ feedId, access: this.ask(page, feedId) }));
    let asked = asks();
    if (asked.some(({ access }) => access.allow && access.asksPurpose)) {
      const stated = await this.#options.purposes.byClass(page.socket.data.sessionId);
      if (page.isEnded) throw new VartaError('unauthenticated');
      page.stated = stated;
      asked = asks();
    }
    const opened = asked.flatMap(({ feedId, access }) =>
      access.allow && access.purpose !== undefined ? [[feedId, access.purpose] as const] : [],
    );
    const refused = asked.filter(({ access }) => access.allow && access.asksPurpose);
    return { opened: new Map(opened), refused: refused.map(({ feedId }) => feedId) };
  }

  /** A feed was refused to the page. */
  noteRefusal(page: AskingPage, feedId: FeedId, code: ErrorCode): void {
    const { registry, audit } = this.#options;
    const { principal } = page.socket.data;
    const placed = registry.feed(feedId);
    if (placed)
      audit.auditRefusal({ principal, action: 'feed.watch', resource: areaResource(placed.area), code });
  }
}
