/**
 * A small shop that really answers 503 while it cannot connect to its warehouse. `?delay=MS` lets it try for as long as
 * a service does that has a time limit of its own.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const warehousePort = Number(process.argv[2]);

async function askWarehouse(): Promise<string> {
  const socket = connect(warehousePort, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return 'open';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    socket.destroy();
  }
}

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://shop');
  void (async () => {
    const warehouse = await askWarehouse();
    const failing = warehouse !== 'open';
    if (failing) await sleep(Number(searchParams.get('delay') ?? 0));
    response.writeHead(failing ? 503 : 200, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify({ status: failing ? 'failing' : 'ok', warehouse })}\n`);
  })();
});
process.stdin.on('end', () => process.exit(0)).resume(); // ends with the test
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address !== null ? address.port : 0);
});
