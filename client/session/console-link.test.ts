import { Manager, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { expect, test } from 'vitest';
import { ALERT_MESSAGES } from '#contract/alerts.ts';
import { LIVE_MESSAGES } from '#contract/live.ts';
import { sampleDelta, sampleFlag } from '../test/samples.ts';
import { createConsoleLink, type LinkHandlers } from './console-link.ts';

/** A link whose connection never comes about: what the server says is said to its listeners. */
function createLink() {
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const openSocket = (namespace: string, options: Partial<ManagerOptions & SocketOptions>) => {
    const socket = new Manager('http://127.0.0.1:1', { ...options, reconnection: false }).socket(namespace);
    sockets.push(socket);
    return socket;
  };
  const link = createConsoleLink('3f0a7b1e-6a57-4f0e-9d5e-1b2c3d4e5f60', false, openSocket);
  const note = (name: string) => () => void heard.push(name);
  link.connect({
    open: () => {},
    lost: () => {},
    unauthenticated: () => {},
    deltas: note('deltas'),
    heartbeat: () => {},
    build: (name) => void heard.push(name),
    unreadable: note('unreadable'),
    consumersClosed: () => {},
    viewerClosed: () => {},
    available: () => {},
    move: () => {},
    alertsPending: note('alerts'),
    alertPath: () => {},
    displayChanged: () => {},
  } satisfies LinkHandlers);
  const say = (name: string, message: unknown) => {
    for (const socket of sockets) for (const listen of socket.listeners(name)) listen(message);
  };
  return { link, say, heard };
}

test('a message of another version is never passed over in silence', () => {
  const { link, say, heard } = createLink();
  using _ = link;
  const delta = sampleDelta(11, { flags: [sampleFlag()] });
  say(LIVE_MESSAGES.deltas, { deltas: [delta] });
  const unknown = { ...delta, flags: [{ ...sampleFlag(), whatCameLater: [] }] };
  say(LIVE_MESSAGES.deltas, { deltas: [unknown] });
  say(ALERT_MESSAGES.pending, { alerts: [{ kind: 'what came later' }] });
  say(LIVE_MESSAGES.build, { build: 'index-other.js', more: 'what came later' });
  expect(heard).toEqual(['deltas', 'unreadable', 'unreadable', 'index-other.js']);
});
