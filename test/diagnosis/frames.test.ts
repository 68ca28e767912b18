import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameReader, type Frame } from '../../src/diagnosis/frames.js';

const NONCE = '0123456789abcdef0123456789abcdef';
const MAX_BYTES = 1000;

/** As the script prints them. */
const printed = (id: string, body: Buffer | string, exitCode: number): Buffer =>
  Buffer.concat([
    Buffer.from(`\n#${NONCE}<${id}\n`),
    Buffer.from(body),
    Buffer.from(`#${NONCE}=${exitCode}#\n#${NONCE}>${id}\n`),
  ]);

const read = (chunks: Buffer[]): { frames: Frame[]; started: boolean } => {
  const frames: Frame[] = [];
  const reader = createFrameReader({ nonce: NONCE, maxBytes: MAX_BYTES, onFrame: (f) => frames.push(f) });
  chunks.forEach(reader.push);
  return { frames, started: reader.hasStarted() };
};

const cut = (bytes: Buffer, places: number[]): Buffer[] => {
  const at = [
    0,
    ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

describe('frames', () => {
  it('come out of the noise of a login', () => {
    const stream = Buffer.concat([
      Buffer.from('Welcome to api-1!\n## motd ##\n'),
      Buffer.from(`\n#${NONCE}!timeout\n`),
      printed('load', '0.5 0.4', 0),
      Buffer.from('logout\n'),
    ]);
    expect(read([stream])).toEqual({
      started: true,
      frames: [{ id: 'load', exitCode: 0, body: '0.5 0.4', truncated: false }],
    });
  });

  it('are the same however the stream is cut, split characters and marks included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ body: fc.string({ unit: 'binary', maxLength: 200 }), code: fc.nat(255) }), {
          maxLength: 5,
        }),
        fc.array(fc.nat(), { maxLength: 30 }),
        (bodies, places) => {
          const stream = Buffer.concat(bodies.map(({ body, code }, n) => printed(`p${n}`, body, code)));
          const { frames } = read(cut(stream, places));
          expect(frames).toEqual(
            bodies.map(({ body, code }, n) => ({
              id: `p${n}`,
              exitCode: code,
              // A body that ends in a newline: the script's own capture has none, only our one is taken off.
              body: Buffer.from(body).toString(),
              truncated: false,
            })),
          );
        },
      ),
    );
  });

  it('cannot be forged without the nonce', () => {
    const forgery = fc.constantFrom(
      '#',
      '<',
      '>',
      '=0#',
      '\n',
      'load\n',
      NONCE.slice(0, 31),
      'f'.repeat(32),
      '!timeout\n',
    );
    fc.assert(
      fc.property(fc.array(forgery, { maxLength: 40 }), (parts) => {
        const body = parts.join('').replaceAll(NONCE, '');
        const { frames, started } = read([
          Buffer.from(body),
          printed('real', body.slice(0, 900), 0),
          Buffer.from(body),
        ]);
        expect(started).toBe(false);
        expect(frames.map(({ id }) => id)).toEqual(['real']);
        expect(frames[0]?.body).toBe(body.slice(0, 900));
      }),
    );
  });

  it('keep what is no text as it is readable, and lose no mark to it', () => {
    const bytes = Buffer.from([0, 1, 0xff, 0xfe, 0xc3, 10, 0x80]);
    const [frame] = read([printed('bin', bytes, 0)]).frames;
    expect(frame?.body).toBe(bytes.toString('utf8'));
  });

  it('are marked as cut above the cap, and not cut in the middle of a character', () => {
    const [frame] = read([printed('big', 'é'.repeat(501), 0)]).frames;
    expect(frame).toMatchObject({ truncated: true, body: 'é'.repeat(500) });
    const [odd] = read([printed('odd', `a${'é'.repeat(600)}`, 0)]).frames;
    expect(odd).toMatchObject({ truncated: true, body: `a${'é'.repeat(499)}` });
  });

  it('take the exit code from wherever `head` let it pass', () => {
    const early = Buffer.from(`\n#${NONCE}<a\nfirst #${NONCE}=3#half\n#${NONCE}>a\n`);
    expect(read([early]).frames).toEqual([{ id: 'a', exitCode: 3, body: 'first half', truncated: false }]);
  });

  it('that never end are not reported', () => {
    expect(read([Buffer.from(`\n#${NONCE}!timeout\n\n#${NONCE}<a\nhalf`)])).toEqual({
      started: true,
      frames: [],
    });
  });
});
