import { learnCosts, MIN_PACKETS, type SeenStreams } from './bandwidth-costs.ts';
import {
  allocate,
  approach,
  type Costs,
  demandOf,
  nextSteps,
  type Shares,
  type TileWant,
} from './bandwidth-share.ts';

/** What a second of the receiving transport has shown. */
export interface BandwidthReading extends SeenStreams {
  nowMs: number;
  /** Over all streams: what came, and what was missing in between. */
  bytes: number;
  packets: number;
  lost: number;
  /** Latest round trip on the path in use. */
  rttMs: number | undefined;
  /** The page itself does not keep up: it looked late, or dropped frames that had come whole. */
  busy: boolean;
}

/** What the page makes of its network. A value: every step gives another one. */
export interface BandwidthState {
  /** What each tile may have; one that is missing here may have what it wants. Empty while nothing is held back. */
  allowed: Shares;
  /** Bits per second that may be asked for; undefined while nothing has to be held back. */
  budgetBps: number | undefined;
  /** Where `allowed` is going, one step of a tile at a time on the way down. */
  target: Shares;
  /** What `target` was worked out for: shares do not flutter with every byte. */
  targetFor: string;
  costs: Costs;
  /** Bad readings in a row. */
  pressed: number;
  /** Since when all is well. */
  calmSinceMs: number | undefined;
  /** Calm that is needed before more is tried. */
  waitMs: number;
  /** Steps that the next attempt takes at once. */
  batch: number;
  /** An attempt that is still being judged. */
  trial: { sinceMs: number; budgetBeforeBps: number } | undefined;
  /** Until when queues on the path are still emptying, so that nothing is judged. */
  settlingUntilMs: number;
  /** The last lowering: to see whether it helped. */
  lowered: { atMs: number; loss: number; demandBps: number } | undefined;
  /** Loss that this link has at any load: a bad radio, not a thin line. */
  noise: number;
  baseRttMs: number | undefined;
}

export const UNLIMITED: BandwidthState = {
  allowed: new Map(),
  budgetBps: undefined,
  target: new Map(),
  targetFor: '',
  costs: { byFeed: new Map(), mean: {} },
  pressed: 0,
  calmSinceMs: undefined,
  waitMs: 8_000,
  batch: 1,
  trial: undefined,
  settlingUntilMs: 0,
  lowered: undefined,
  noise: 0,
  baseRttMs: undefined,
};

/** Calm that is needed before more is tried; doubled by each attempt that fails, up to the second figure. */
export const RAISE_AFTER_MS = 8_000;
export const RAISE_AFTER_AT_MOST_MS = 128_000;
/** For so long an attempt is judged. */
const TRIAL_MS = 5_000;
/** After a change, what is on its way already still arrives, or is lost, for about this long. */
const SETTLING_MS = 1_800;
/** Retransmissions mend less than this without being seen. Part of all packets. */
const THIN_LOSS = 0.05;
const CALM_LOSS = 0.02;
/** Loss that needs no second reading. */
const CERTAIN_LOSS = 0.2;
const BAD_READINGS = 2;
/** A page that does not keep up loses packets itself, so it has to be seen for longer. */
const BAD_READINGS_BUSY = 5;
/** A round trip that grew by this much has a queue in it that fills. Milliseconds. */
const QUEUE_MS = 300;
/** Part of what came through that is asked for again: room for retransmissions, and for the queue to empty. */
const MARGIN = 0.85;
/** A lowering that made the demand so much smaller and left the loss as it was did not meet the cause. */
const UNHELPED_DEMAND = 0.8;
const UNHELPED_LOSS = 0.7;
const UNHELPED_MS = 10_000;
/** After so long with all tiles at what they want, the past is forgotten. */
const FORGET_MS = 60_000;
const MAX_BATCH = 16;

type Verdict = 'thin' | 'calm' | 'unclear';

/**
 * Decides what each tile may have. Under pressure, tiles go from high to low and then to a still, the least important
 * first; the most important one is always left moving. More is tried again after calm, one step at first.
 */
export function stepBandwidth(
  before: BandwidthState,
  reading: BandwidthReading,
  wants: readonly TileWant[],
): BandwidthState {
  const state = learn(before, reading, wants);
  const loss = lossOf(reading);
  const verdict = judge(state, reading, loss);
  if (reading.nowMs < state.settlingUntilMs) return share(state, wants);
  if (verdict === 'thin') return share(press(state, reading, { loss, wants }), wants);
  if (verdict === 'calm') return share(relax(state, reading, wants), wants);
  return share({ ...state, pressed: 0, calmSinceMs: undefined }, wants);
}

/** Other tiles are wanted: what they may have, with nothing new known of the network. */
export function shareBandwidth(state: BandwidthState, wants: readonly TileWant[]): BandwidthState {
  return share(state, wants, { isStep: false });
}

function lossOf({ packets, lost }: { packets: number; lost: number }): number {
  const sent = packets + Math.max(0, lost);
  return sent < MIN_PACKETS ? 0 : Math.max(0, lost) / sent;
}

function judge(state: BandwidthState, { rttMs, packets, lost }: BandwidthReading, loss: number): Verdict {
  const isLate = rttMs !== undefined && rttMs > (state.baseRttMs ?? rttMs) + QUEUE_MS;
  if (isLate || loss >= THIN_LOSS + state.noise) return 'thin';
  if (packets + lost < MIN_PACKETS) return 'unclear';
  return loss <= CALM_LOSS + state.noise ? 'calm' : 'unclear';
}

/** Costs of tiles and the path's own round trip, from whatever comes. */
function learn(state: BandwidthState, reading: BandwidthReading, wants: readonly TileWant[]): BandwidthState {
  const { rttMs, nowMs } = reading;
  const isSettled = nowMs >= state.settlingUntilMs && reading.periodMs > 0;
  const baseRttMs = rttMs === undefined ? state.baseRttMs : Math.min(rttMs, state.baseRttMs ?? rttMs);
  const noise = state.noise > 0 && lossOf(reading) < state.noise / 2 ? state.noise * 0.9 : state.noise;
  return {
    ...state,
    baseRttMs,
    noise: noise < 0.01 ? 0 : noise,
    costs: isSettled ? learnCosts(state.costs, reading, wants) : state.costs,
  };
}

function press(
  state: BandwidthState,
  reading: BandwidthReading,
  { loss, wants }: { loss: number; wants: readonly TileWant[] },
): BandwidthState {
  const { nowMs, bytes, periodMs } = reading;
  const pressed = state.pressed + 1;
  const waiting = { ...state, pressed, calmSinceMs: undefined };
  if (state.trial) {
    return {
      ...waiting,
      pressed: 0,
      budgetBps: state.trial.budgetBeforeBps,
      trial: undefined,
      batch: 1,
      waitMs: Math.min(RAISE_AFTER_AT_MOST_MS, 2 * state.waitMs),
      settlingUntilMs: nowMs + SETTLING_MS,
    };
  }
  const needed = reading.busy ? BAD_READINGS_BUSY : loss >= CERTAIN_LOSS ? 1 : BAD_READINGS;
  if (pressed < needed) return waiting;
  const demandBps = demandOf(state.allowed, wants, state.costs);
  const { lowered } = state;
  if (
    lowered &&
    nowMs - lowered.atMs < UNHELPED_MS &&
    demandBps < UNHELPED_DEMAND * lowered.demandBps &&
    loss > UNHELPED_LOSS * lowered.loss &&
    loss < CERTAIN_LOSS
  )
    return { ...waiting, pressed: 0, noise: loss, lowered: undefined };
  const cameBps = (bytes * 8 * 1_000) / periodMs;
  return {
    ...waiting,
    pressed: 0,
    // Less than now in any case, or nothing would change.
    budgetBps: Math.min(MARGIN * cameBps, state.budgetBps ?? Infinity, demandBps - 1),
    batch: 1,
    settlingUntilMs: nowMs + SETTLING_MS,
    lowered: { atMs: nowMs, loss, demandBps },
  };
}

function relax(
  state: BandwidthState,
  { nowMs }: BandwidthReading,
  wants: readonly TileWant[],
): BandwidthState {
  const calmSinceMs = state.calmSinceMs ?? nowMs;
  const calm = { ...state, pressed: 0, calmSinceMs };
  if (state.budgetBps === undefined) return calm;
  if (state.trial) {
    if (nowMs - state.trial.sinceMs < TRIAL_MS) return calm;
    return { ...calm, trial: undefined, waitMs: RAISE_AFTER_MS, batch: Math.min(MAX_BATCH, 2 * state.batch) };
  }
  const steps = nextSteps(state.target, wants, state.costs);
  if (steps.length === 0)
    return nowMs - calmSinceMs < FORGET_MS
      ? calm
      : { ...UNLIMITED, costs: state.costs, baseRttMs: state.baseRttMs, noise: state.noise };
  if (nowMs - calmSinceMs < state.waitMs) return calm;
  const extraBps = steps.slice(0, state.batch).reduce((sum, step) => sum + step.costBps, 0);
  const asked = demandOf(state.allowed, wants, state.costs);
  return {
    ...calm,
    calmSinceMs: nowMs,
    budgetBps: Math.max(state.budgetBps, asked) + extraBps + 1,
    trial: { sinceMs: nowMs, budgetBeforeBps: state.budgetBps },
    settlingUntilMs: nowMs,
  };
}

/** Brings `allowed` towards what the budget has room for. `isStep`: time has gone by, so the way down goes on. */
function share(
  state: BandwidthState,
  wants: readonly TileWant[],
  { isStep = true }: { isStep?: boolean } = {},
): BandwidthState {
  const { budgetBps, costs } = state;
  if (budgetBps === undefined)
    return state.allowed.size === 0
      ? state
      : { ...state, allowed: new Map(), target: new Map(), targetFor: '' };
  const targetFor = keyOf(budgetBps, wants);
  if (targetFor === state.targetFor && (!isStep || state.target === state.allowed)) return state;
  const target = targetFor === state.targetFor ? state.target : allocate(wants, budgetBps, costs);
  const wasUnlimited = state.allowed.size === 0;
  const allowed = approach(
    ({ feedId, layer }) => state.allowed.get(feedId) ?? (wasUnlimited ? layer : undefined),
    target,
    wants,
  );
  return { ...state, target, targetFor, allowed: isSame(allowed, target) ? target : allowed };
}

function keyOf(budgetBps: number, wants: readonly TileWant[]): string {
  const tiles = wants.map(({ feedId, layer, priority }) => `${feedId} ${layer} ${priority}`);
  return [Math.round(budgetBps), ...tiles.toSorted()].join('\n');
}

function isSame(a: Shares, b: Shares): boolean {
  return a.size === b.size && [...a].every(([feedId, share]) => b.get(feedId) === share);
}
