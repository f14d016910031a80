import { type DBSchema, openDB } from 'idb';
import type { z } from 'zod';
import { PendingRecord } from './record.ts';

/** Records and remembered facts on this device; what is in it was written by this or an earlier version of the page. */
export interface RecordStore extends Disposable {
  /** All records of an account in their order, and how many there are that this version cannot read. */
  all(account: string): Promise<{ records: PendingRecord[]; unreadable: number }>;
  /** Puts records at the end, all or none; they are on the disk when this is done. */
  add(records: readonly Omit<PendingRecord, 'order'>[]): Promise<void>;
  put(records: readonly PendingRecord[]): Promise<void>;
  drop(ids: readonly string[]): Promise<void>;
  remember(key: string, value: unknown): Promise<void>;
  recall<S extends z.ZodType>(key: string, schema: S): Promise<z.infer<S> | undefined>;
}

interface Schema extends DBSchema {
  records: { key: string; value: Record<string, unknown>; indexes: { order: number } };
  memory: { key: string; value: unknown };
}

export const DATABASE = 'varta-inspect';
const VERSION = 1;

/** @throws DOMException where the browser keeps nothing, as in some private windows. */
export async function openRecordStore(name: string = DATABASE): Promise<RecordStore> {
  const db = await openDB<Schema>(name, VERSION, {
    upgrade(fresh) {
      fresh.createObjectStore('records', { keyPath: 'id' }).createIndex('order', 'order');
      fresh.createObjectStore('memory');
    },
    blocking: () => db.close(),
  });
  // Written to the disk before it counts as written: the battery may be empty a moment later.
  const writing = () => db.transaction('records', 'readwrite', { durability: 'strict' });

  return {
    async all(account) {
      const stored = await db.getAllFromIndex('records', 'order');
      const own = stored.filter((one) => one.account === account);
      const records = own.flatMap((one) => PendingRecord.safeParse(one).data ?? []);
      return { records, unreadable: own.length - records.length };
    },
    async add(records) {
      const transaction = writing();
      const last = await transaction.store.index('order').openKeyCursor(null, 'prev');
      const first = (last?.key ?? 0) + 1;
      const added = records.map((record, index) =>
        transaction.store.add({ ...record, order: first + index }),
      );
      await Promise.all([...added, transaction.done]);
    },
    async put(records) {
      const transaction = writing();
      await Promise.all([...records.map((record) => transaction.store.put(record)), transaction.done]);
    },
    async drop(ids) {
      const transaction = writing();
      await Promise.all([...ids.map((id) => transaction.store.delete(id)), transaction.done]);
    },
    async remember(key, value) {
      await db.put('memory', value, key);
    },
    async recall(key, schema) {
      const parsed = schema.safeParse(await db.get('memory', key));
      return parsed.success ? parsed.data : undefined;
    },
    [Symbol.dispose]: () => db.close(),
  };
}
