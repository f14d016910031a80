import type { Page } from 'playwright-core';
import type { Bare } from '../../client/bench/bare-page.ts';
import type { Target } from './rtp-source.ts';

/** Something that is measured: ours, or what it is compared with. */
export interface Side extends AsyncDisposable {
  /** Processes whose CPU counts. */
  processIds(): number[];
  /** Gives the page what its viewers will call. */
  expose?(page: Page): Promise<unknown>;
  /** Opens a viewer of every feed in the page. */
  openViewer(page: Page, name: string): Promise<void>;
  /** Where each feed's packets go. Known once the feeds are watched. */
  targets(): Promise<Target[]>;
}

/** How a viewer is opened where mediasoup-client is spoken to: its own sfu, or bare mediasoup. */
export interface MediasoupSignalling {
  /** Opens a viewer's transport; the options are those of mediasoup-client. */
  join(viewer: string): Promise<{ routerRtpCapabilities: unknown; transport: { id: string } }>;
  connect(viewer: string, transportId: string, dtlsParameters: unknown): Promise<unknown>;
  /** Consumers of every feed, still paused. */
  watch(viewer: string, rtpCapabilities: unknown): Promise<{ id: string }[]>;
  resume(viewer: string, consumerIds: string[]): Promise<unknown>;
}

/** Viewers of a side, opened with mediasoup-client. `name` tells the sides of one page apart. */
export function viewersOf(
  name: string,
  signalling: MediasoupSignalling,
): Pick<Side, 'expose' | 'openViewer'> {
  const exposed = `benchConnect_${name}`;
  return {
    expose: (page) =>
      page.exposeFunction(exposed, (viewer: string, transportId: string, dtls: unknown) =>
        signalling.connect(viewer, transportId, dtls),
      ),
    openViewer: async (page, viewer) => {
      const joined = await signalling.join(viewer);
      const capabilities = await page.evaluate(
        ({ viewer, joined, exposed }) => {
          const own = window as unknown as { bare: Bare } & Record<
            string,
            (...args: unknown[]) => Promise<unknown>
          >;
          return own.bare.open(
            viewer,
            { ...(joined as unknown as Parameters<Bare['open']>[1]), decode: false },
            async (dtls) => own[exposed]?.(viewer, joined.transport.id, dtls),
          );
        },
        { viewer, joined, exposed },
      );
      const consumers = await signalling.watch(viewer, capabilities);
      await page.evaluate(
        ({ viewer, consumers }) =>
          (window as unknown as { bare: Bare }).bare.receive(
            viewer,
            consumers as unknown as Parameters<Bare['receive']>[1],
          ),
        { viewer, consumers },
      );
      await signalling.resume(
        viewer,
        consumers.map(({ id }) => id),
      );
    },
  };
}
