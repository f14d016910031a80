import { writeFileSync } from 'node:fs';
import { formatNation, generateSampleNation } from './sample-nation.ts';

/** Writes `sample-ua.json` anew; run it after a change of the tables. */
writeFileSync(new URL('sample-ua.json', import.meta.url), formatNation(generateSampleNation()));
