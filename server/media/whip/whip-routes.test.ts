import type { Response } from 'express';
import { describe, expect, it, vi } from 'vitest';
import type { Principal } from '../../access/decide.ts';
import { createRegistry } from '../../nation/registry.ts';
import { callRoute } from '../../test/fixtures/call-route.ts';
import { mediaNation } from '../../test/fixtures/media-nation.ts';
import { createWhipRoutes } from './whip-routes.ts';

const YARD = 'ua-68-itt-1-yard-cam-1';
const FACILITY: Principal = {
  kind: 'facility',
  facilityId: 'ua-68-itt-1',
  regionId: 'UA-68',
  keyId: 'key-1',
};

/** Routes over a node that takes every offer. What is done is told in order; what is named in `failing` is not done. */
function open(...failing: string[]) {
  const done: string[] = [];
  const act = async (what: string) => {
    if (failing.includes(what)) throw new Error(`${what} failed`);
    done.push(what);
  };
  const request = vi.fn(async ({ message }: { message: string }, _payload: object) => {
    await act(message);
    return { resourceId: 'resource-1', sdpAnswer: 'v=0', iceTag: 'ice-1' };
  });
  const routes = createWhipRoutes({
    registry: createRegistry(mediaNation),
    links: { has: () => true, request: request as never },
    signer: { signPublish: async () => 'a-grant' },
    audit: {
      append: ((_chain: string, { action }: { action: string }) => act(action)) as never,
      auditRefusal: vi.fn(),
    },
    noteKey: () => act('key noted'),
    findNode: async () => 'sfu-1',
    whenBusy: 'refuse',
    iceServersFor: () => [],
  });
  const location = vi.fn((): Response => response);
  const response = { location, set: () => response } as unknown as Response;
  const publish = () =>
    callRoute(routes, 'post', '/whip/:feedId', {
      principal: FACILITY,
      params: { feedId: YARD },
      body: 'v=0',
      response,
    });
  return { publish, done, request, location };
}

describe('publishing', () => {
  it('is answered when it is on record by which key, and in the audit last', async () => {
    const { publish, done, location } = open();
    expect(await publish()).toBe('v=0');
    expect(done).toEqual(['whip:publish', 'key noted', 'feed.publish']);
    expect(location).toHaveBeenCalledWith(`/whip/${YARD}/sfu-1.resource-1`);
  });

  it('is taken back where its key cannot be noted; the audit knows nothing of it', async () => {
    const { publish, done, request, location } = open('key noted');
    await expect(publish()).rejects.toThrow('key noted failed');
    expect(done).toEqual(['whip:publish', 'whip:stop']);
    expect(request).toHaveBeenLastCalledWith(
      { nodeId: 'sfu-1', message: 'whip:stop' },
      { grant: 'a-grant', resourceId: 'resource-1' },
    );
    expect(location).not.toHaveBeenCalled();
  });

  it('is taken back where the audit takes no entry', async () => {
    const { publish, done } = open('feed.publish');
    await expect(publish()).rejects.toThrow('feed.publish failed');
    expect(done).toEqual(['whip:publish', 'key noted', 'whip:stop']);
  });

  it('fails with what went wrong first, where it cannot be taken back either', async () => {
    const { publish, done } = open('feed.publish', 'whip:stop');
    await expect(publish()).rejects.toThrow('feed.publish failed');
    expect(done).toEqual(['whip:publish', 'key noted']);
  });
});
