/** Holds an embedded PostgreSQL until it is killed: prints its address when it is up. */
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.js';

const [dataDir = ''] = process.argv.slice(2);
try {
  const { url } = await startEmbeddedPostgres({ dataDir });
  process.stdout.write(`${url}\n`);
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
