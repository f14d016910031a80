import { afterEach, expect, test, vi } from 'vitest';
import { openUdpFreeNetwork } from './fixtures/udp-free-network.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('root that cannot block UDP is told so: its tests would show nothing', async () => {
  vi.spyOn(process, 'getuid').mockReturnValue(0);
  // Without `ip`.
  vi.stubEnv('PATH', '/nonexistent');
  await expect(openUdpFreeNetwork()).rejects.toThrow('root cannot make a network without UDP here');
});

test('for others UDP is not blocked, and the output says so', async () => {
  vi.spyOn(process, 'getuid').mockReturnValue(1_000);
  const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await using network = await openUdpFreeNetwork();
  expect(network.isBlocked).toBe(false);
  expect(said).toHaveBeenCalledWith(expect.stringContaining('UDP is not blocked'));
});
