import { startProduct } from '../e2e/product.js';
import type { Lane } from './lane.js';

/** A command of the product beside the running ones, with their settings. */
export async function runCommand(
  { folder, env }: Lane,
  [command = '', ...args]: readonly string[],
): Promise<{ status: number | null; output: string }> {
  const product = startProduct(command, { cwd: folder, env }, args);
  const status = await product.exit;
  return { status, output: product.output() };
}
