/** One snippet's output as it came from the host. */
export type Frame = {
  id: string;
  /** Null when its mark was lost. 124 and 137 are the work of `timeout`. */
  exitCode: number | null;
  body: string;
  /** Cut at the cap. */
  truncated: boolean;
};

export type FrameReader = {
  push: (chunk: Buffer) => void;
  /** The script itself began to run: what came before is noise of the login. */
  hasStarted: () => boolean;
  /** False when the host lacks `timeout`: its snippets may outlive the run by their own time. */
  hasTimeout: () => boolean;
};

/**
 * Cuts the stream of a compiled script into frames, as bytes: a character or a mark may arrive in pieces, and
 * output may be no text at all. Whatever stands outside of two marks of this nonce is ignored.
 */
export const createFrameReader = ({
  nonce,
  maxBytes,
  onFrame,
}: {
  nonce: string;
  maxBytes: number;
  onFrame: (frame: Frame) => void;
}): FrameReader => {
  const marks = new RegExp(`#${nonce}(?:=(\\d{1,3})#|([!<>])([\\w.-]{0,${MAX_ID}})\\n)`, 'g');
  const longest = nonce.length + MAX_ID + 3;
  let started = false;
  let timeout = true;
  let pending = '';
  let open: OpenFrame | null = null;
  const begun = new Map<string, OpenFrame>();

  const onMark = (kind: string, argument: string): void => {
    if (kind === '!') {
      started = true;
      timeout = argument !== 'no-timeout';
    } else if (kind === '<') {
      // In two pieces where it compares two samples.
      open = begun.get(argument) ?? { id: argument, parts: [], exitCode: null };
      begun.set(argument, open);
    } else if (kind === '=') {
      if (open) open.exitCode = Number(argument);
    } else if (open?.id === argument) {
      onFrame(finish(open, maxBytes));
      begun.delete(argument);
      open = null;
    }
  };

  return {
    hasStarted: () => started,
    hasTimeout: () => timeout,
    push: (chunk) => {
      const text = pending + chunk.toString('latin1');
      let position = 0;
      for (const match of text.matchAll(marks)) {
        open?.parts.push(text.slice(position, match.index));
        position = match.index + match[0].length;
        onMark(match[2] ?? '=', match[3] ?? match[1] ?? '');
      }
      // The end may be the beginning of a mark.
      const keep = Math.max(position, text.length - longest);
      open?.parts.push(text.slice(position, keep));
      pending = text.slice(keep);
    },
  };
};

const MAX_ID = 64;

type OpenFrame = { id: string; parts: string[]; exitCode: number | null };

const finish = ({ id, parts, exitCode }: OpenFrame, maxBytes: number): Frame => {
  const bytes = parts.join('').replace(/\n$/, '');
  const truncated = bytes.length > maxBytes;
  const body = Buffer.from(bytes.slice(0, maxBytes), 'latin1').toString('utf8');
  // Cut in the middle of a character: that piece is ours, not the host's.
  return { id, exitCode, body: truncated ? body.replace(/\uFFFD$/, '') : body, truncated };
};
