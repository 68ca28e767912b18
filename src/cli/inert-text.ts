/** C0 and C1 but tab and newline, and what reorders text: a terminal must not obey what a host printed. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Writes control characters out: `\x1b`. */
export const inertText = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(CONTROL, (char) => {
    const hex = char.charCodeAt(0).toString(16);
    return hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
