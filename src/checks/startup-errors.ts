/** What kept a program from starting, as far as its own words tell. */
export type StartupErrorKind =
  | 'port-in-use'
  | 'out-of-memory'
  | 'dependency-refused'
  | 'missing-module'
  | 'missing-setting'
  | 'missing-file'
  | 'permission'
  | 'no-such-user'
  | 'disk-full'
  | 'too-many-files'
  | 'bad-config';

export type StartupError = {
  readonly kind: StartupErrorKind;
  /** For a summary: "the port is in use". */
  readonly phrase: string;
  /** The line that says it, verbatim. */
  readonly line: string;
};

type Rule = { readonly kind: StartupErrorKind; readonly phrase: string; readonly pattern: RegExp };

/**
 * Most telling first: a refused database also ends in "worker failed to boot", and a bare "permission denied" may be
 * part of any other line. Texts: gunicorn, uWSGI, Node, Ruby, Java, nginx, systemd; see the tests for recorded lines.
 */
const RULES: readonly Rule[] = [
  {
    kind: 'out-of-memory',
    phrase: 'it was killed for want of memory',
    pattern:
      /killed by the OOM killer|Failed with result 'oom-kill'|JavaScript heap out of memory|java\.lang\.OutOfMemoryError|Cannot allocate memory/,
  },
  {
    kind: 'port-in-use',
    phrase: 'its port is in use',
    pattern: /Connection in use: \(|Address already in use|EADDRINUSE|Only one usage of each socket address/i,
  },
  {
    kind: 'disk-full',
    phrase: 'the disk is full',
    pattern: /No space left on device|ENOSPC|Disk quota exceeded/i,
  },
  {
    kind: 'too-many-files',
    phrase: 'it may open no more files',
    pattern: /Too many open files|EMFILE/,
  },
  {
    kind: 'dependency-refused',
    phrase: 'something that it needs cannot be reached',
    pattern:
      /could not connect to server|connection to server at .* failed|Connection refused|ECONNREFUSED|\bENOTFOUND\b|EAI_AGAIN|ETIMEDOUT|Name or service not known|Temporary failure in name resolution|too many clients already|remaining connection slots are reserved|the database system is (?:starting up|shutting down)|Error \d+ connecting to \S+:\d+|Can't connect to MySQL|No route to host/i,
  },
  {
    kind: 'missing-module',
    phrase: 'a module is missing',
    pattern:
      /ModuleNotFoundError|ImportError|Cannot find (?:module|package)|LoadError|cannot load such file|ClassNotFoundException|NoClassDefFoundError|cannot open shared object|no python application found|You have already activated .* but your Gemfile requires|Could not find gem/,
  },
  {
    kind: 'missing-setting',
    phrase: 'a setting is missing',
    pattern:
      /KeyError: '[A-Z][A-Z0-9_]+'|environment variable .*(?:not set|required|missing)|(?:missing|required) (?:required )?(?:environment variable|setting|config)|ImproperlyConfigured|Failed to load environment files/i,
  },
  {
    kind: 'no-such-user',
    phrase: 'the login that it should run as does not exist',
    pattern: /Failed at step (?:USER|GROUP)|Failed to determine user credentials|status=21[67]\//,
  },
  {
    kind: 'permission',
    phrase: 'it lacks a permission',
    pattern: /Permission denied|PermissionError|EACCES|Operation not permitted/i,
  },
  {
    kind: 'missing-file',
    phrase: 'a file or folder that it needs is missing',
    pattern:
      /Failed at step (?:EXEC|CHDIR|NAMESPACE|ROOT_DIRECTORY)|Failed to locate executable|status=20[03]\/|Changing to the requested working directory failed|FileNotFoundError|ENOENT/,
  },
  {
    kind: 'bad-config',
    phrase: 'its configuration or code is not valid',
    pattern:
      /SyntaxError|IndentationError|\[emerg\]|invalid (?:configuration|config|option|argument)|unknown directive|configuration (?:file )?.*(?:failed|error|invalid)|YAMLException|yaml\.scanner|JSONDecodeError|Unexpected token .* in JSON|unrecognized arguments?|Bad unit file setting|has a bad unit file setting/i,
  },
];

/** What only a new release (or a change of settings) brings, and a restart of the old one would not. */
const BY_RELEASE: ReadonlySet<StartupErrorKind> = new Set([
  'missing-module',
  'missing-setting',
  'missing-file',
  'bad-config',
]);

export const isByRelease = ({ kind }: StartupError): boolean => BY_RELEASE.has(kind);

/** Names the error in the log lines of one failed start (oldest first); null where no rule knows it. */
export function nameStartupError(lines: readonly string[]): StartupError | null {
  for (const { kind, phrase, pattern } of RULES) {
    const line = lines.findLast((candidate) => pattern.test(candidate));
    if (line !== undefined) return { kind, phrase, line };
  }
  return null;
}
