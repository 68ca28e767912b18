import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { Demo, type Process } from './demo-process.js';

let demo: Demo;
afterEach(() => demo.killAll());

describe('npm run demo', () => {
  it('-- --once names the true cause, exits 0 and leaves no process and no file', async () => {
    demo = new Demo(['--once']);
    await demo.says('From the slash command to the verdict');
    expect(await demo.exit).toBe(0);
    expect(demo.output).toContain('Database connections exhausted');
    expect(demo.output).not.toContain('looking at');
    console.log(demo.output.split('\n').find((line) => line.startsWith('From the slash command')));
    await demo.expectNothingLeft();
    expect(demo.folders().filter((folder) => existsSync(folder))).toEqual([]);
  });

  it.each([
    ['Ctrl-C', (it: Demo) => process.kill(-it.npm.pid!, 'SIGINT')],
    ["SIGTERM of npm's child", (it: Demo) => process.kill(it.look()[0]!.pid, 'SIGTERM')],
    ['SIGKILL of the demo', (it: Demo) => process.kill(demoProcess(it).pid, 'SIGKILL')],
    ['SIGKILL of npm', (it: Demo) => process.kill(it.npm.pid!, 'SIGKILL')],
  ])('leaves no process after %s', async (_how, end) => {
    demo = new Demo();
    await demo.says('See and press it yourself');
    expect(demo.look().length).toBeGreaterThan(5);
    end(demo);
    await demo.expectNothingLeft();
    await demo.exit;
  });
});

const demoProcess = (it: Demo): Process =>
  it.look().find(({ words }) => /^\S*node .*demo\/main\.ts/.test(words))!;
