import type { Figure } from './report.ts';

/** One benchmark: what it is called, and how it gets its figures. Loaded only when it is to run. */
export interface Suite {
  name: string;
  /** Lasts so long that it is run only when it is named. */
  onlyNamed?: true;
  /** Where it can, it has a network of its own, in which it may break lines. */
  ownNetwork?: true;
  run(): Promise<readonly Figure[]>;
}

/** All of them, in the order in which they run. */
export const SUITES: readonly Suite[] = [
  { name: 'packet-cost', run: async () => (await import('../sfu/bench/packet-cost.ts')).measurePacketCost() },
  { name: 'stills', run: async () => (await import('../sfu/bench/stills-cost.ts')).measureStillsCost() },
  { name: 'rings', run: async () => (await import('../sfu/bench/ring-cost.ts')).measureRingCost() },
  { name: 'masks', run: async () => (await import('../sfu/bench/masks-cost.ts')).measureMasksCost() },
  { name: 'janus', run: async () => (await import('../sfu/bench/janus.ts')).measureAgainstJanus() },
  { name: 'unwatched', run: async () => (await import('../sfu/bench/unwatched.ts')).measureUnwatched() },
  {
    name: 'unwatched-cost',
    run: async () => (await import('../sfu/bench/unwatched-cost.ts')).measureUnwatchedCost(),
  },
  { name: 'rights', run: async () => (await import('../server/bench/last-packet.ts')).measureLastPackets() },
  {
    name: 'custody-intake',
    run: async () => (await import('../server/bench/custody-intake.ts')).measureCustodyIntake(),
  },
  {
    name: 'event-to-page',
    run: async () => (await import('../server/bench/event-to-page.ts')).measureEventToPage(),
  },
  {
    name: 'event-to-tile',
    run: async () => (await import('../client/bench/event-to-tile.ts')).measureEventToTile(),
  },
  {
    name: 'kill-redis',
    run: async () => (await import('../server/bench/kill-redis.ts')).measureRedisKills(),
  },
  { name: 'nation', run: async () => (await import('../client/bench/nation.ts')).measureNation() },
  {
    name: 'kills',
    ownNetwork: true,
    run: async () => (await import('../client/bench/kills.ts')).measureKills(),
  },
  { name: 'feeds-300', run: async () => (await import('../client/bench/feeds-300.ts')).measureFeeds300() },
  {
    name: 'first-picture',
    run: async () => (await import('../client/bench/first-picture.ts')).measureFirstPicture(),
  },
  {
    name: 'page-turns',
    run: async () => (await import('../client/bench/page-turns.ts')).measurePageTurns(),
  },
  { name: 'wall', run: async () => (await import('../client/bench/wall.ts')).measureWall() },
  {
    name: 'soak',
    onlyNamed: true,
    run: async () => (await import('../client/bench/soak.ts')).measureSoak(),
  },
];
