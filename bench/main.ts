import { writeFileSync } from 'node:fs';
import { canOpenNetworks, runInOwnNetwork } from './own-network.ts';
import { createReport, type Figure, toTable } from './report.ts';
import { SUITES } from './suites.ts';

/** `npm run bench [suite …]`: all suites but the longest, or those that are named. */
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SUITES.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(
    `No benchmark is called ${unknown.join(', ')}. There are: ${SUITES.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

const figures: Figure[] = [];
for (const suite of SUITES) {
  const { name, onlyNamed = false, ownNetwork = false } = suite;
  if (wanted.length > 0 ? !wanted.includes(name) : onlyNamed) continue;
  console.log(`benchmark ${name} …`);
  figures.push(...(await (ownNetwork && canOpenNetworks() ? runInOwnNetwork(name) : suite.run())));
}
const report = createReport(figures, new Date());
writeFileSync('bench-report.json', `${JSON.stringify(report, undefined, 2)}\n`);
console.log(toTable(report));
// A bar that is missed is not to be overlooked by whoever runs this by a program.
if (report.bars.some(({ figure, ok }) => figure !== null && !ok)) process.exitCode = 1;
