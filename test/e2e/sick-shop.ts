import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { freePort } from '../servers/free-port.js';

export type SickShop = {
  url: string;
  warehousePort: number;
  /** Opens the warehouse's port; the shop is well from then on. */
  heal(): Promise<void>;
  stop(): Promise<void>;
};

/** A real HTTP service in a process of its own, sick because nobody listens on its warehouse's port. */
export async function startSickShop(): Promise<SickShop> {
  const warehousePort = await freePort();
  const program = path.join(import.meta.dirname, 'sick-shop-process.ts');
  const loader = import.meta.resolve('tsx');
  const child = spawn(process.execPath, ['--import', loader, program, String(warehousePort)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  let warehouse: Server | undefined;
  return {
    url: `http://127.0.0.1:${Number(port.toString())}`,
    warehousePort,
    heal: async () => {
      warehouse = createServer((socket) => socket.end()).listen(warehousePort, '127.0.0.1');
      await once(warehouse, 'listening');
    },
    stop: async () => {
      warehouse?.close();
      child.stdin.end();
      await exited;
    },
  };
}
