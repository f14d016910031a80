import { SUITES } from './suites.ts';

/** Runs the suite that it is given for another process, which gets its figures; ends with that process. */
const [wanted] = process.argv.slice(2);
const suite = SUITES.find(({ name }) => name === wanted);
if (!suite) throw new Error(`no benchmark is called ${wanted}`);
process.once('disconnect', () => process.exit(1));
const figures = await suite.run();
process.removeAllListeners('disconnect');
process.send?.(figures, () => process.disconnect());
