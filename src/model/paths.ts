import { z } from 'zod';

/** Of a path that only ever stands in quotes. */
export const AbsolutePath = z.string().regex(/^\/[^\0\n]*$/, 'must be an absolute path');
/** Of a path that stands in commands, in scripts and in what people confirm. */
export const PlainPath = z
  .string()
  .max(200)
  .regex(
    /^(?:\/[A-Za-z0-9][A-Za-z0-9._+-]*)+$/,
    'must be an absolute path of A-Z a-z 0-9 . _ + - without .. or a / at its end',
  );
