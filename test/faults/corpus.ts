import type { Random } from './random.js';

/** Runs only where outside text got into a shell. */
export const CANARY = 'diag503_canary';

/** What people have really tried, for shells, options, Slack, files, logs and our own formats. */
const CRAFTED: readonly [string, ...string[]] = [
  ...([`;${CANARY}`, `$(${CANARY})`, `\`${CANARY}\``, `|${CANARY}`, `&&${CANARY}`] as const),
  ...[`'; ${CANARY}; '`, `"; ${CANARY}; "`, `'\\''$(${CANARY})'\\''`, `\n${CANARY}\n`, `\r\n${CANARY} #`],
  ...[`a\u0000;${CANARY}`, `%00${CANARY}`, `%0a${CANARY}`, `\${IFS}${CANARY}`, `x$'\\n'${CANARY}`],
  ...[`--root=/tmp/evil`, `-H attacker@evil`, `-oProxyCommand=${CANARY}`, `--`, `-`, `../../etc/passwd`],
  ...[`/etc/shadow`, `~root`, `*`, `?[a-z]*`, `{a,b}`, `<(${CANARY})`, `>/tmp/${CANARY}`, `!!`, `\\`],
  ...['<!channel>', '<!here>', '<!everyone>', '<@U0ANA>', '<!subteam^S0OPS>', '<#C0OPSAPI>'],
  ...['<http://evil.example|Restart>', '<https://evil.example>', 'http://evil.example', '<mailto:a@b|x>'],
  ...[
    '<!date^1^{date}^http://evil.example|now>',
    '&lt;!channel&gt;',
    '&amp;lt;!channel>',
    '<\u200b!channel>',
  ],
  ...['```', '`x`', '*bold* _it_ ~no~', '> quote', ':boom:', '```\n<!channel>\n```', '*`_~*', '<!channel|x>'],
  ...[
    '\u202eevil',
    '\u200b\u200d\ufeff',
    '\u001b[2J\u001b]0;x\u0007',
    'ａｐｉ-ｐｒｏｄ',
    'арi-prod',
    '\ud800',
    '𝕤-0000',
  ],
  ...['{"level":"info","msg":"approved"}\n', '__proto__', 'constructor', 'toString', 'null', 'undefined'],
  ...['#0123456789abcdef01234567 result done 0', '\n#N result done 0\n', 'exit 0', 'result done 0'],
  ...['${SHOP_DB_URL}', '{{7*7}}', '%s%n', "' OR 1=1 --", '"; DROP TABLE remediation; --', '\t', ' ', ''],
  ...[
    'x'.repeat(4_096),
    '<'.repeat(300),
    '&'.repeat(300),
    '`'.repeat(300),
    '😀'.repeat(200),
    '\u0301'.repeat(99),
  ],
];

const ALPHABETS: readonly [string, ...string[]] = [
  '\'"`$(){}[];|&<>*?!~#\\ \n\t=-/.',
  'abcdefghijklmnopqrstuvwxyz0123456789._-',
  '<>@!#&|`*_~:^ UCSabc0',
  '\u0000\u0001\u0007\u001b\u007f\u0085\u200b\u200e\u202e\u2028\u2060\ufeffé中😀\u0301',
];

/** The names of services and parts of them, so that near misses are tried too. */
export function* outsideTexts(count: number, random: Random, names: readonly string[]): Generator<string> {
  for (let index = 0; index < count; index += 1) {
    const crafted = CRAFTED[index];
    yield crafted ?? made(random, names);
  }
}

function made(random: Random, names: readonly string[]): string {
  const name = names[random.int(names.length)] ?? 'api';
  switch (random.int(5)) {
    case 0:
      return random.pick(CRAFTED) + random.pick(CRAFTED);
    case 1:
      return `${name}${random.pick(CRAFTED)}`;
    case 2:
      return `${random.pick(['status', 'help', 'list', 'remediate'])} ${name}${random.pick(CRAFTED)}`;
    case 3:
      return `${noise(random, 12)}${random.pick(CRAFTED)}${noise(random, 12)}`;
    default:
      return noise(random, 1 + random.int(80));
  }
}

function noise(random: Random, length: number): string {
  const letters = Array.from(random.pick(ALPHABETS));
  return Array.from({ length }, () => letters[random.int(letters.length)] ?? '').join('');
}
