import type { RegistryStore } from '../adapters/registry-store.ts';
import type { Homes } from '../mesh/homes.ts';
import type { LeaseStore } from './lease.ts';

/** Where the lease writes the node's record: with each heartbeat its homes are looked after as well. */
export function leaseStore({ store, homes }: { store: RegistryStore; homes: Homes }): LeaseStore {
  return {
    register: async (record) => {
      await store.register(record);
      await homes.renew();
      await store.repeatDemands();
    },
    renew: async (record) => {
      await store.renew(record);
      await homes.renew();
    },
    withdraw: (record) => store.withdraw(record),
  };
}
