import { z } from 'zod';
import { MediaObjectId, NodeId } from '#contract/ids.ts';

/** A publication anywhere in the system: its node and its id there, so that any replica can find it. */
export interface WhipResource {
  nodeId: NodeId;
  resourceId: MediaObjectId;
}

/** Stands in no node id and in no media object id. */
const SEPARATOR = '.';

/** The last part of a WHIP resource's URL. */
export function toResourceName({ nodeId, resourceId }: WhipResource): string {
  return `${nodeId}${SEPARATOR}${resourceId}`;
}

/** Reads the last part of a WHIP resource's URL. */
export const WhipResourceName = z
  .string()
  .max(160)
  .transform((name, context): WhipResource => {
    const at = name.indexOf(SEPARATOR);
    const nodeId = NodeId.safeParse(name.slice(0, Math.max(0, at)));
    const resourceId = MediaObjectId.safeParse(name.slice(at + 1));
    if (at > 0 && nodeId.success && resourceId.success)
      return { nodeId: nodeId.data, resourceId: resourceId.data };
    context.addIssue({ code: 'custom', message: 'not the name of a publication' });
    return z.NEVER;
  });
