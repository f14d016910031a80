import type { ErrorCode } from '#contract/errors.ts';

/** Refusals of a node after which another one may do. */
export const NODE_TROUBLE: ReadonlySet<ErrorCode> = new Set([
  'no_sfu',
  'sfu_timeout',
  'shutting_down',
  // The node is cut off from the registry and takes nothing new.
  'store_unavailable',
  'limit_reached',
  'internal',
]);
