import { writeFileSync } from 'node:fs';
import { formatNation, generateSampleNation } from './sample-nation.ts';
import { SAMPLE_NATIONS, SAMPLE_PLANS, sampleNationFile } from './samples.ts';

/** Writes the sample nations' files anew; run it after a change of the tables. */
for (const nation of SAMPLE_NATIONS)
  writeFileSync(sampleNationFile(nation), formatNation(generateSampleNation(SAMPLE_PLANS[nation])));
