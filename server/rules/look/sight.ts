import type { Finding } from '../finding.ts';

/** What one rule sees at an instant, and the instants (ms) at which it would see something else by itself. */
export interface Sight {
  findings: Finding[];
  times: number[];
}
