import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConnector } from '../../src/clients/connector.js';
import { workerNetwork } from '../../src/clients/worker-network.js';
import type { PlanStep } from '../../src/model/plan.js';
import { applyPlan, lookIntoPlan } from '../../src/remediations/apply-plan.js';
import { plan as planOf } from '../helpers/plan.js';
import { service as serviceOf } from '../helpers/service.js';

describe('a link that is led to another release, through the ledger', () => {
  const connector = createConnector({ hosts: new Map() });
  let folder: string;
  let link: string;
  const at = (name: string): string => path.join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'diag503-link-'));
    link = at('current');
    for (const name of ['r1', 'r2', 'r3']) mkdirSync(at(name));
    symlinkSync(at('r2'), link);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Stands for the program of root's; what it reads it writes down. */
  const program = (body: string): string => {
    writeFileSync(at('program'), `#!/bin/sh\ncat >>"${at('asked')}"\n${body}\n`);
    chmodSync(at('program'), 0o755);
    return at('program');
  };
  const LINKS = 'ln -sfn "$(dirname "$0")/r1" "$(dirname "$0")/current"';
  const context = (body: string, id: string = crypto.randomUUID()) => {
    const step: PlanStep = {
      ...{ kind: 'link', host: 'local', program: program(body), link, from: at('r2'), to: at('r1') },
    };
    return {
      ...{
        id,
        service: serviceOf('shop'),
        plan: planOf({ steps: [step] }),
        connector,
        network: workerNetwork,
      },
      notAfter: new Date(Date.now() + 30_000),
      signal: new AbortController().signal,
      onProgress: () => undefined,
      ledgerFolder: at('actions'),
    };
  };

  it('is done once, and only tells what was confirmed to its program', async () => {
    const once = context(LINKS);
    expect(await applyPlan(once)).toMatchObject({ effect: 'done', howToCheck: `on local: readlink ${link}` });
    rmSync(link);
    symlinkSync(at('r3'), link);
    expect(await applyPlan(once)).toMatchObject({ effect: 'unknown' });
    expect(readlinkSync(link)).toBe(at('r3'));
    expect(readFileSync(at('asked'), 'utf8')).toBe(`${at('r2')} ${at('r1')}\n`);
  });

  it('has no effect where the program refuses', async () => {
    const outcome = await applyPlan(context('echo "nothing was changed: it would lead elsewhere"; exit 75'));
    expect(outcome).toMatchObject({ effect: 'failed' });
    expect(outcome.words).toContain('it would lead elsewhere');
    expect(outcome.words).toContain(`still leads to ${at('r2')}`);
  });

  it('is done where the program did it and then failed', async () => {
    expect(await applyPlan(context(`${LINKS}; exit 1`))).toMatchObject({ effect: 'done' });
  });

  it('is not known where it leads to a third one', async () => {
    const third = `ln -sfn "$(dirname "$0")/r3" "$(dirname "$0")/current"; exit 1`;
    expect(await applyPlan(context(third))).toMatchObject({ effect: 'partly' });
  });

  /** As the ledger is after its host has lost its power in the middle: begun, and no outcome. */
  const crashed = async (body: string) => {
    const once = context(body);
    await applyPlan(once);
    const entry = at(`actions/${once.id}-0`);
    rmSync(path.join(entry, 'outcome'));
    writeFileSync(path.join(entry, 'started'), '999999 the-boot-before\n\n');
    return lookIntoPlan(once);
  };

  it('is told by the link itself after a crash, also when the host has started anew', async () => {
    expect(await crashed(LINKS)).toMatchObject({ effect: 'done' });
    rmSync(link);
    symlinkSync(at('r2'), link);
    expect(await crashed(':')).toMatchObject({ effect: 'not-done' });
  });
});
