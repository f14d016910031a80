import { readFile } from 'node:fs/promises';
import { Nation } from '#contract/nation.ts';
import { type SampleNation, sampleNationFile } from '../config/nation/samples.ts';

/** A sample nation, as committed. */
export async function readSampleNation(nation: SampleNation): Promise<Nation> {
  return Nation.parse(JSON.parse(await readFile(sampleNationFile(nation), 'utf8')));
}
