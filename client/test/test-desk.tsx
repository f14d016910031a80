import { CSPProvider } from '@base-ui/react/csp-provider';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { LiveRegistry, LiveSnapshot, type RegionDelta } from '#contract/live.ts';
import { MEDIA_MESSAGES } from '#contract/media.ts';
import { WhoAmI } from '#contract/session.ts';
import { DeskProvider } from '../desk/DeskProvider.tsx';
import { createDesk, type Desk } from '../desk/desk.ts';
import { createI18n, type Language } from '../i18n/i18n.ts';
import { createDeviceClock } from '../inspect/device-clock.ts';
import type { Api } from '../session/api.ts';
import type { ConsoleLink, LinkHandlers } from '../session/console-link.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { createSessionManager } from '../session/session.ts';
import { SessionContext } from '../session/session-context.ts';
import { sampleSnapshot, sampleWireRegistry } from './samples.ts';
import { createSmallNode } from './small-node.ts';

/** What a test says of the world around a desk. */
interface World {
  registry?: LiveRegistry;
  snapshot?: LiveSnapshot['regions'];
  actions?: string[];
  /** Answers to what is posted, by path. */
  post?(path: string, body: unknown): Promise<Outcome<unknown>> | Outcome<unknown>;
  /** Answers to what is asked for beside the registry and the snapshot; undefined for those. */
  get?(path: string): Outcome<unknown> | undefined;
  /** The answer to whoever asks for the still of a feed. */
  poster?(path: string): Response;
  /** The build of the page that the server would give now. @default that of the test's page */
  servedBuild?: string;
}

const ALL_ACTIONS = [
  'status.read',
  'feed.watch',
  'flag.read',
  'flag.raise',
  'flag.acknowledge',
  'flag.resolve',
];

const OWN_BUILD = 'index-own.js';

/** A real desk whose server and node are the test's; answers pass the contract's schemas as they would over the wire. */
export function createTestDesk(world: World = {}) {
  const node = createSmallNode();
  const posted: { path: string; body: unknown }[] = [];
  let handlers: LinkHandlers | undefined;

  async function answer(path: string, body: unknown): Promise<Outcome<unknown>> {
    if (body !== undefined) {
      posted.push({ path, body });
      return world.post?.(path, body) ?? failure('not_found');
    }
    const own = world.get?.(path);
    if (own) return own;
    if (path.includes('/registry'))
      return { ok: true, value: LiveRegistry.parse(world.registry ?? sampleWireRegistry()) };
    if (!path.includes('/live/snapshot')) return failure('not_found');
    const at = new Date().toISOString();
    return { ok: true, value: LiveSnapshot.parse({ at, regions: world.snapshot ?? [sampleSnapshot()] }) };
  }

  const api: Api = {
    call: ((path: string, { body }: { body?: unknown }) => answer(path, body)) as Api['call'],
  };
  const link: ConsoleLink = {
    connect(given) {
      handlers = given;
      queueMicrotask(() => given.open());
    },
    request: ((name: string, payload: Record<string, never>) =>
      speak(name, payload)) as ConsoleLink['request'],
    subscribe: async () => ({
      ok: true,
      value: { regions: [], registry: (world.registry ?? sampleWireRegistry()).version },
    }),
    [Symbol.dispose]() {
      handlers = undefined;
    },
  };

  function speak(name: string, payload: Record<string, never>): Promise<Outcome<unknown>> {
    const { signal } = node;
    const messages: Record<string, () => Promise<Outcome<unknown>>> = {
      [MEDIA_MESSAGES.join]: () => signal.join(payload.have, payload.beside),
      [MEDIA_MESSAGES.watch]: () => signal.watch({}, payload.feeds ?? []),
      [MEDIA_MESSAGES.resume]: () => signal.resume(payload.consumerIds ?? []),
      [MEDIA_MESSAGES.pause]: () => signal.pause(payload.consumerIds ?? []),
      [MEDIA_MESSAGES.layers]: () => signal.layers(payload.items ?? []),
      [MEDIA_MESSAGES.open]: () => signal.open(payload.feedIds ?? []),
      [MEDIA_MESSAGES.unwatch]: () => signal.unwatch(payload.consumerIds ?? [], payload.feedIds ?? []),
    };
    return messages[name]?.() ?? Promise.resolve(failure('not_found'));
  }

  const desk = createDesk({
    who: WhoAmI.parse({
      username: 'situation',
      displayName: { uk: 'Ситуаційний центр', en: 'Situation room' },
      role: 'situation',
      scope: { kind: 'nation' },
      actions: world.actions ?? ALL_ACTIONS,
      sample: true,
      serverTime: new Date().toISOString(),
      expiresAt: new Date().toISOString(),
    }),
    api,
    fetch: async (input) => {
      if (input === '/') return servedPage(world.servedBuild ?? OWN_BUILD);
      return world.poster?.(String(input)) ?? new Response(null, { status: 404 });
    },
    link,
    createReceiver: node.createReceiver,
    onUnauthenticated: () => {},
    deviceClock: createDeviceClock({
      wallMs: Date.now,
      monotonicMs: () => performance.now(),
      page: 'test',
      storage: { getItem: () => null, setItem: () => {} },
    }),
    ownBuild: OWN_BUILD,
  });

  return {
    desk,
    node: node.state,
    posted,
    sendDelta: (delta: RegionDelta) => handlers?.deltas([delta]),
    /** The server says which build of the page it serves; that of the test's page is `index-own.js`. */
    sendBuild: (name: string) => handlers?.build(name),
    /** The connection is lost. */
    sendLost: () => handlers?.lost('offline'),
    /** Something comes that the page cannot read. */
    sendUnreadable: () => handlers?.unreadable(),
  };
}

function servedPage(build: string): Response {
  return new Response(`<!doctype html><script type="module" src="/assets/${build}"></script>`);
}

const SESSION = createSessionManager({ call: async () => failure('offline') });

/** What stands around every component of a signed-in page. */
export function Surroundings({
  desk,
  language = 'uk',
  children,
}: {
  desk: Desk;
  language?: Language;
  children: ReactNode;
}) {
  return (
    <CSPProvider disableStyleElements>
      <I18nextProvider i18n={createI18n(language)}>
        <SessionContext value={SESSION}>
          <DeskProvider desk={desk}>{children}</DeskProvider>
        </SessionContext>
      </I18nextProvider>
    </CSPProvider>
  );
}
