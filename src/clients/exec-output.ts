import { StringDecoder } from 'node:string_decoder';
import type { ExecResult, RunOptions } from './host-connection.js';

/** Enough of standard error to say what went wrong. */
const MAX_STDERR_BYTES = 32 * 1024;

/** Gathers the output of one command up to the cap; characters may arrive in pieces. */
export type OutputCollector = {
  stdout: (chunk: Buffer) => void;
  stderr: (chunk: Buffer) => void;
  result: (exitCode: number | null) => ExecResult;
};

export const collectOutput = (
  { maxBytes, onStdout, onBytes }: RunOptions,
  onFull: () => void,
): OutputCollector => {
  const decoder = new StringDecoder('utf8');
  const errorDecoder = new StringDecoder('utf8');
  let stdout = '';
  let stderr = '';
  let room = maxBytes;
  let errorRoom = MAX_STDERR_BYTES;
  let truncated = false;
  const take = (text: string): void => {
    stdout += text;
    if (text !== '') onStdout?.(text);
  };
  return {
    stdout: (chunk) => {
      if (truncated) return;
      const kept = chunk.subarray(0, room);
      room -= kept.length;
      onBytes?.(kept);
      take(decoder.write(kept));
      if (kept.length === chunk.length) return;
      truncated = true;
      onFull();
    },
    stderr: (chunk) => {
      const kept = chunk.subarray(0, errorRoom);
      errorRoom -= kept.length;
      stderr += errorDecoder.write(kept);
    },
    result: (exitCode) => {
      take(decoder.end());
      return { exitCode, stdout, stderr: stderr + errorDecoder.end(), truncated };
    },
  };
};
