import { spawnSync } from 'node:child_process';
import { quote } from '../../src/probes/define-probe.js';
import { CANARY, outsideTexts } from './corpus.js';
import { randomOf } from './random.js';
import { realTexts } from './real-texts.js';
import { sinks } from './sinks.js';

const REAL_TEXTS = 200;
const SHELL_TEXTS = 400;
const SHOWN = 20;

/** Outside text everywhere: in process for all of it, in real shells and through real requests for a part. */
export async function campaignOfTexts(count: number, seed: number): Promise<number> {
  const texts = [...outsideTexts(count, randomOf(seed), ['api-prod', 'shop', 's-0000'])];
  const broken: string[] = [];
  let checked = 0;
  for (const sink of sinks) {
    for (const text of texts) {
      checked += 1;
      for (const wrong of await sink.wrongs(text))
        broken.push(`${sink.name}: ${wrong}, from ${JSON.stringify(text).slice(0, 200)}`);
    }
  }
  console.log(`outside text: ${texts.length} texts in ${sinks.length} places, ${checked} looks`);
  const words = texts.filter((text) => !text.includes('\0')).slice(0, SHELL_TEXTS);
  for (const shell of ['sh', 'bash', 'busybox']) broken.push(...inShell(shell, words));
  const every = Math.max(1, Math.floor(texts.length / REAL_TEXTS));
  const real = await realTexts(texts.filter((_, index) => index % every === 0).slice(0, REAL_TEXTS));
  console.log(
    `outside text: ${real.sent} by signed requests; ${real.calls} calls of ${real.programs} programs on the host, ${real.messages} messages, ${real.quoted} of them show some`,
  );
  broken.push(...real.wrongs);
  for (const line of broken.slice(0, SHOWN)) console.log(`BROKEN ${line}`);
  console.log(`outside text: ${broken.length} wrong`);
  return broken.length === 0 ? 0 : 1;
}

/** Quoted words come out of a real shell as they went in, and nothing else runs. */
function inShell(shell: string, words: readonly string[]): string[] {
  const args = shell === 'busybox' ? ['sh', '-s'] : ['-s'];
  const script = [
    `${CANARY}() { printf 'the canary ran\\0'; }`,
    ...words.map((word) => `printf '%s\\0' ${quote(word)}`),
  ].join('\n');
  const { stdout, error } = spawnSync(shell, args, { input: script, maxBuffer: 64 * 1024 * 1024 });
  if (error !== undefined) {
    console.log(`outside text: ${shell} is not on this machine`);
    return [];
  }
  const said = stdout.toString('utf8').split('\0').slice(0, -1);
  const expected = words.map((word) => Buffer.from(word).toString('utf8'));
  const wrong = expected.flatMap((word, index) =>
    said[index] === word ? [] : [`${shell} read ${JSON.stringify(word)}`],
  );
  console.log(
    `outside text: ${words.length} quoted words through ${shell}, ${wrong.length} came out otherwise`,
  );
  return [...wrong, ...(said.length === expected.length ? [] : [`${shell} said ${said.length} words`])];
}
