import { parseArgs } from 'node:util';
import { tools, type ToolId } from './tools/index.js';

export type Options = {
  hosts: number[];
  runs: number;
  only: ToolId[];
  slowSeconds: number;
  trouble: boolean;
  write: boolean;
};

export const USAGE = `npm run bench -- [options]      as root, on Debian
  --hosts 1,4,10,20   numbers of hosts
  --runs 7            looks by each tool at each number of hosts
  --slow-seconds N    for a quick run: a slow tool stops before it has taken longer, after at least one look
  --only ID,ID        only these tools: ${Object.keys(tools).join(', ')}
  --no-trouble        without the dead and the drowning host
  --no-write          print, and leave docs/performance.md alone`;

export const readOptions = (args: string[]): Options => {
  const { values } = parseArgs({
    args,
    options: {
      hosts: { type: 'string', default: '1,4,10,20' },
      runs: { type: 'string', default: '7' },
      only: { type: 'string', default: Object.keys(tools).join(',') },
      'slow-seconds': { type: 'string' },
      'no-trouble': { type: 'boolean', default: false },
      'no-write': { type: 'boolean', default: false },
    },
  });
  const seconds = values['slow-seconds'];
  return {
    hosts: values.hosts.split(',').map((text) => wholeNumber('--hosts', text)),
    runs: wholeNumber('--runs', values.runs),
    only: values.only.split(',').map(toolId),
    slowSeconds: seconds === undefined ? Infinity : wholeNumber('--slow-seconds', seconds),
    trouble: !values['no-trouble'],
    write: !values['no-write'],
  };
};

/** Addresses end with .249. */
const MAX = 200;

const wholeNumber = (option: string, text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > MAX)
    throw new Error(`${option}: ${text} is not a whole number from 1 to ${MAX}.\n${USAGE}`);
  return number;
};

const toolId = (text: string): ToolId => {
  const found = Object.keys(tools).find((id) => id === text);
  if (found === undefined) throw new Error(`--only: there is no ${text}.\n${USAGE}`);
  return found as ToolId;
};
