import type { IceParameters } from 'mediasoup/types';
import { expect, it, vi } from 'vitest';
import { IceGenerations } from './ice-generations.ts';

const RESTART = 'a=ice-ufrag:newer\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n';
const CANDIDATES = 'a=ice-ufrag:EsAw\r\na=end-of-candidates\r\n';
const TOO_LATE = expect.objectContaining({ code: 'precondition_failed' });

/** Generations `tag-1`, `tag-2` … over a transport whose own username fragments are `ours1`, `ours2` … */
function open() {
  let tags = 0;
  let restarts = 0;
  const toParameters = (): IceParameters => {
    restarts += 1;
    return { usernameFragment: `ours${restarts}`, password: 'our-password', iceLite: true };
  };
  const restart = vi.fn(async () => toParameters());
  const generations = new IceGenerations({
    remoteUsernameFragment: 'EsAw',
    sdpAnswer: 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n',
    restart,
    candidates: () => [],
    newTag: () => {
      tags += 1;
      return `tag-${tags}`;
    },
  });
  /** Holds the next restart up until it is said what becomes of it. */
  const holdUp = () => {
    const gate = Promise.withResolvers<void>();
    restart.mockImplementationOnce(() => gate.promise.then(toParameters));
    return gate;
  };
  return { generations, restart, holdUp };
}

it('answers the last restart again as before, and changes nothing for it', async () => {
  const { generations, restart } = open();
  const restarted = await generations.patch(RESTART, undefined);
  expect(restarted.iceTag).toBe('tag-2');
  expect(restarted.fragment).toContain('a=ice-ufrag:ours1\r\n');
  expect(await generations.patch(RESTART, undefined)).toEqual(restarted);
  expect(await generations.patch(RESTART, undefined)).toEqual(restarted);
  expect(restart).toHaveBeenCalledOnce();
  expect(generations.tag).toBe('tag-2');
  // Who names the tag has got the answer.
  expect(await generations.patch(RESTART, 'tag-2')).toEqual({ iceTag: 'tag-2', fragment: null });
  await expect(generations.patch(RESTART, 'tag-1')).rejects.toThrow(TOO_LATE);

  const again = await generations.patch(RESTART.replace('newer', 'newest'), undefined);
  expect(again.iceTag).toBe('tag-3');
  expect(again.fragment).toContain('a=ice-ufrag:ours2\r\n');
});

it('keeps the former generation where the restart fails; the same fragment restarts then', async () => {
  const { generations, restart } = open();
  restart.mockRejectedValueOnce(new Error('the worker said no'));
  await expect(generations.patch(RESTART, undefined)).rejects.toThrow('the worker said no');
  expect(generations.tag).toBe('tag-1');
  expect(await generations.patch(CANDIDATES, 'tag-1')).toEqual({ iceTag: 'tag-1', fragment: null });
  const restarted = await generations.patch(RESTART, undefined);
  expect(restarted.iceTag).toBe('tag-2');
  expect(restarted.fragment).toContain('a=ice-ufrag:ours1\r\n');
});

it('lets what comes during a restart wait for what becomes of that', async () => {
  const { generations, restart, holdUp } = open();
  const failing = holdUp();
  const failed = generations.patch(RESTART, undefined);
  const inTime = generations.patch(CANDIDATES, 'tag-1');
  failing.reject(new Error('the worker said no'));
  await expect(failed).rejects.toThrow('the worker said no');
  expect(await inTime).toEqual({ iceTag: 'tag-1', fragment: null });

  const succeeding = holdUp();
  const [restarted, repeated] = [
    generations.patch(RESTART, undefined),
    generations.patch(RESTART, undefined),
  ];
  const tooLate = expect(generations.patch(CANDIDATES, 'tag-1')).rejects.toThrow(TOO_LATE);
  succeeding.resolve();
  expect(await repeated).toEqual(await restarted);
  await tooLate;
  expect(restart).toHaveBeenCalledTimes(2);
});
