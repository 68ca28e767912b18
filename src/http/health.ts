import { type Request, type Response, Router } from 'express';

/** Resolves when the part works, rejects with the reason when it does not. */
export type HealthCheck = () => Promise<void>;

const CHECK_MS = 1_500;
/** A balancer that asks often must not become load of its own. */
const CACHE_MS = 1_000;

type Report = { ready: boolean; parts: Record<string, string> };

/**
 * `/health/live`: the process runs. `/health/ready`: it can take requests, and if not, which part is to blame. Where
 * Slack reaches this port, so does anybody: names and addresses of servers go to `onTrouble`, not into the answer.
 */
export function healthRouter(
  checks: Readonly<Record<string, HealthCheck>>,
  onTrouble: (error: Error) => void,
): Router {
  let latest: { at: number; report: Promise<Report> } | null = null;
  const router = Router();
  router.get('/health/live', (_req: Request, res: Response) => {
    res.json({ status: 'live' });
  });
  router.get('/health/ready', async (_req: Request, res: Response) => {
    if (latest === null || Date.now() - latest.at > CACHE_MS)
      latest = { at: Date.now(), report: reportOf(checks, onTrouble) };
    const { ready, parts } = await latest.report;
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', parts });
  });
  return router;
}

async function reportOf(
  checks: Readonly<Record<string, HealthCheck>>,
  onTrouble: (error: Error) => void,
): Promise<Report> {
  const parts = await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<[string, string]> => [
      name,
      await outcome(name, check, onTrouble),
    ]),
  );
  return { ready: parts.every(([, said]) => said === 'ok'), parts: Object.fromEntries(parts) };
}

async function outcome(name: string, check: HealthCheck, onTrouble: (error: Error) => void): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_MS} ms`), CHECK_MS);
  });
  const asked = check().then(
    () => 'ok',
    (error: unknown) => {
      onTrouble(new Error(`not ready: ${name}: ${error instanceof Error ? error.message : String(error)}`));
      return 'down; the log says why';
    },
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
