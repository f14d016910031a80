import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { openRedisLine, type RedisLine } from '../../sfu/test/fixtures/redis-line.ts';
import { launchWhepBrowser, type WhepBrowser } from './fixtures/whep-page.ts';
import { FEED, startWhepSystem, type WhepSystem } from './fixtures/whep-system.ts';

const owned = new AsyncDisposableStack();
const lines: RedisLine[] = [];
let system: WhepSystem;
let browser: WhepBrowser;

beforeAll(async () => {
  browser = owned.use(await launchWhepBrowser());
  const lineTo = async (redisUrl: string) => {
    const line = owned.use(await openRedisLine(redisUrl));
    lines.push(line);
    return line.url;
  };
  system = owned.use(await startWhepSystem({}, {}, lineTo));
}, 120_000);
afterAll(() => owned.disposeAsync());

async function play() {
  const [server] = system.servers;
  const cookie = await server.signIn('situation');
  const given = await fetch(`${server.origin}/api/v1/feeds/${FEED}/viewer-token`, {
    method: 'POST',
    headers: { cookie, origin: server.origin },
  });
  const { token } = (await given.json()) as { token: string };
  const page = await browser.open();
  // Until its camera sends, the answer is that it is to come again.
  const view = async () => {
    await page.view(`${server.origin}/whep/${FEED}`, token);
    return true;
  };
  await eventually('the feed is there', () => view().catch(() => false), { withinMs: 20_000 });
  await page.seesMore();
  return page;
}

test('a node that is cut off from Redis is gone for the servers: what it plays ends with its grants, and begins anew when it is back', async () => {
  const page = await play();
  for (const line of lines) line.cut();
  await page.seesMore();
  const isReady = async () => (await fetch(`${system.servers[0].origin}/readyz`)).ok;
  await eventually('the servers have no node', async () => !(await isReady()), { withinMs: 20_000 });
  // Nobody renews its grants any more, which live for 15 s.
  const goneAtMs = Date.now();
  expect((await page.lastPacketAtMs()) - goneAtMs).toBeLessThan(20_000);
  expect(system.sfu.figures()).toMatchObject({ viewers: 0, consumers: 0 });
  await page[Symbol.asyncDispose]();

  for (const line of lines) line.mend();
  await eventually('the servers have the node again', isReady, { withinMs: 20_000 });
  const again = await play();
  await again.stop();
  await again[Symbol.asyncDispose]();
});
