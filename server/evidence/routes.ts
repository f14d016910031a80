import type { AnyRoute } from '../adapters/http/route.ts';
import type { AccessOptions } from './evidence-access.ts';
import { flagEvidenceRoutes } from './flag-routes.ts';
import { evidencePictureRoutes } from './picture-routes.ts';
import { evidenceRecordRoutes } from './record-routes.ts';

/** Stills and clips around flags: which there are, taking one, looking at them, and taking them away. */
export function evidenceRoutes(options: AccessOptions & { now: () => number }): AnyRoute[] {
  return [
    ...flagEvidenceRoutes(options),
    ...evidenceRecordRoutes(options),
    ...evidencePictureRoutes(options),
  ];
}
