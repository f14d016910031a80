import { createStore, type StoreApi } from 'zustand/vanilla';
import { CustodyEventsReply } from '#contract/custody-events.ts';
import type { FacilityId } from '#contract/ids.ts';
import { WhoAmI } from '#contract/session.ts';
import type { Api } from '../session/api.ts';
import type { DeviceClock } from './device-clock.ts';
import { afterFailure, afterResults, nextBatch, toEvent } from './outbox-steps.ts';
import type { Draft, Occurred, PendingRecord } from './record.ts';
import type { RecordStore } from './record-store.ts';

/**
 * How the last attempt to reach the server went. `other-account`: somebody else is signed in on this device now, so
 * that nothing is sent.
 */
export type Contact = 'unknown' | 'reached' | 'unreachable' | 'other-account';

/** `broken`: the device keeps nothing; without it no record would be safe, so none is taken. */
export interface OutboxState {
  storage: 'opening' | 'ready' | 'broken';
  contact: Contact;
  sending: boolean;
  /** Of this account, in the order of writing; what the server has taken stays for a day. */
  records: readonly PendingRecord[];
  /** Written by another version of the page; they stay where they are. */
  unreadable: number;
}

export interface NewRecord {
  facilityId: FacilityId;
  draft: Draft;
  occurred: Occurred;
}

/** Records of one account on this device: kept first, sent when that is possible, in their order. */
export interface Outbox extends Disposable {
  readonly store: StoreApi<OutboxState>;
  readonly clock: DeviceClock;
  /** True when all of them are safely on the device; else none of them is. */
  add(records: readonly NewRecord[]): Promise<boolean>;
  /** A refused record, put right; it is sent again under its old id. */
  mend(id: string, change: Pick<NewRecord, 'draft' | 'occurred'>): Promise<void>;
  /** Takes a refused or waiting record out of what is sent. */
  discard(id: string, reason: string): Promise<void>;
  /** Now, without waiting for the next attempt. */
  send(): void;
  remember: RecordStore['remember'];
  recall: RecordStore['recall'];
}

interface Ports {
  account: string;
  api: Api;
  clock: DeviceClock;
  openStore(): Promise<RecordStore>;
  /** Runs when no other page of this device does; not at all once the signal is aborted. */
  alone(name: string, signal: AbortSignal, run: () => Promise<void>): Promise<void>;
  /** Tells other pages of this device that records changed; hears of theirs. */
  channel: { tell(): void; listen(heard: () => void): () => void };
  newId(): string;
  /** Told when something has changed that may make sending possible. */
  onChance(chance: () => void): () => void;
  retryMs?: { first: number; most: number };
}

const DAY_MS = 24 * 3_600_000;
const RETRY = { first: 2_000, most: 30_000 };

export function createOutbox(ports: Ports): Outbox {
  const { account, api, clock, alone, channel, newId, retryMs = RETRY } = ports;
  const store = createStore<OutboxState>(() => ({
    storage: 'opening',
    contact: 'unknown',
    sending: false,
    records: [],
    unreadable: 0,
  }));
  const end = new AbortController();
  const opened = ports.openStore();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let delayMs = retryMs.first;
  let running: Promise<void> | undefined;
  let again = false;

  async function reload(): Promise<readonly PendingRecord[]> {
    const { records, unreadable } = await (await opened).all(account);
    if (!end.signal.aborted) store.setState({ storage: 'ready', records, unreadable });
    return records;
  }

  async function change(records: readonly PendingRecord[]): Promise<void> {
    if (records.length === 0) return;
    await (await opened).put(records);
    await reload();
    channel.tell();
  }

  /** What the server has had for a day is not needed here any more. */
  async function forget(): Promise<void> {
    const old = store
      .getState()
      .records.filter(
        ({ state }) =>
          (state.state === 'taken' || state.state === 'discarded') && state.atMs < clock.nowMs() - DAY_MS,
      );
    if (old.length > 0) await (await opened).drop(old.map(({ id }) => id));
    if (old.length > 0) await reload();
  }

  /** One batch; false when there is nothing more that can be done now. */
  async function sendOne(): Promise<boolean> {
    const batch = nextBatch(await reload());
    if (!batch) return false;
    const { signal } = end;
    // Who is signed in may have changed on another page of this device; and the clock is measured right before it counts.
    const askedMs = Date.now();
    const who = await api.call('/api/v1/session', { reply: WhoAmI, signal });
    if (signal.aborted) return false;
    if (!who.ok) {
      store.setState({ contact: 'unreachable' });
      return false;
    }
    if (who.value.username !== account) {
      store.setState({ contact: 'other-account' });
      return false;
    }
    const offsetMs = Date.parse(who.value.serverTime) - (askedMs + Date.now()) / 2;
    clock.observe(Date.now() + offsetMs, Date.now());
    const reading = { reading: clock.reading(), offsetMs };
    const answer = await api.call(
      `/api/v1/facilities/${encodeURIComponent(batch.facilityId)}/custody/events`,
      {
        body: {
          account,
          events: batch.records.map((record) => toEvent(record, reading)),
        },
        reply: CustodyEventsReply,
        signal,
      },
    );
    if (signal.aborted) return false;
    // They signed in between the question and the sending.
    if (!answer.ok && answer.code === 'precondition_failed') {
      store.setState({ contact: 'other-account' });
      return false;
    }
    const changed = answer.ok
      ? afterResults(batch, answer.value.results, clock.nowMs())
      : afterFailure(batch, answer, clock.nowMs());
    store.setState({ contact: answer.ok || changed.length > 0 ? 'reached' : 'unreachable' });
    await change(changed);
    return changed.length > 0;
  }

  async function sendAll(): Promise<void> {
    store.setState({ sending: true });
    try {
      await alone(`varta-records:${account}`, end.signal, async () => {
        while (!end.signal.aborted && (await sendOne())) delayMs = retryMs.first;
      });
      await forget();
    } finally {
      if (!end.signal.aborted) store.setState({ sending: false });
    }
  }

  function later(): void {
    clearTimeout(timer);
    if (end.signal.aborted || !nextBatch(store.getState().records)) return;
    timer = setTimeout(send, delayMs);
    delayMs = Math.min(delayMs * 2, retryMs.most);
  }

  function send(): void {
    again = running !== undefined;
    if (running || end.signal.aborted || store.getState().storage !== 'ready') return;
    clearTimeout(timer);
    running = sendAll()
      // The device's own storage fails, or the page goes: what is written stays written, and is tried again.
      .catch(() => {})
      .finally(() => {
        running = undefined;
        if (again) send();
        else later();
      });
  }

  const chance = () => {
    delayMs = retryMs.first;
    send();
  };
  const stop = [
    ports.onChance(chance),
    channel.listen(() => void reload().then(later, () => {})),
    () => clearTimeout(timer),
    () => void opened.then((it) => it[Symbol.dispose]()).catch(() => {}),
  ];
  void reload().then(send, () => store.setState({ storage: 'broken' }));

  const find = (id: string) => store.getState().records.find((record) => record.id === id);

  return {
    store,
    clock,
    async add(records) {
      const written = { reading: clock.reading(), offset: clock.offset() };
      try {
        await (await opened).add(
          records.map((record) => ({
            ...record,
            id: newId(),
            account,
            written,
            state: { state: 'waiting' },
          })),
        );
        await reload();
      } catch {
        return false;
      }
      channel.tell();
      send();
      return true;
    },
    async mend(id, { draft, occurred }) {
      const record = find(id);
      if (record?.state.state !== 'refused') return;
      await change([{ ...record, draft, occurred, state: { state: 'waiting' } }]);
      send();
    },
    async discard(id, reason) {
      const record = find(id);
      if (record?.state.state !== 'refused' && record?.state.state !== 'waiting') return;
      await change([{ ...record, state: { state: 'discarded', atMs: clock.nowMs(), reason } }]);
    },
    send: chance,
    remember: async (key, value) => (await opened).remember(`${account}/${key}`, value),
    recall: async (key, schema) => (await opened).recall(`${account}/${key}`, schema),
    [Symbol.dispose]() {
      end.abort();
      for (const stopOne of stop) stopOne();
    },
  };
}
