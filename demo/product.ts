import { endWithParent } from './end-with-parent.js';

/** `diag503 start` as it is, ended with the demo. */
endWithParent();
process.argv.splice(2, process.argv.length, 'start');
await import('../src/cli/main.js');
