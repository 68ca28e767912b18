import { ClientError } from '../../model/client-error.js';

/** Why a command gave nothing that could be parsed, in the words it said itself. */
export function refusal(command: string, output: { stdout: string; exitCode: number }): ClientError {
  const said = output.stdout.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
  const text = said === '' ? `exit status ${output.exitCode}, no output` : said;
  if (output.exitCode === 127 || /not found|No such file or directory/.test(said)) {
    return new ClientError('not-installed', `${command}: ${text}`);
  }
  if (/permission denied|not permitted|access denied/i.test(said)) {
    return new ClientError('denied', `${command}: ${text}`);
  }
  return new ClientError('malformed', `${command}: cannot read its output: ${text}`);
}

/** Lines without their line ends, none of them empty. */
export const linesOf = (stdout: string): string[] =>
  stdout
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
