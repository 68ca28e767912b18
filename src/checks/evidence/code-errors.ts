/**
 * Errors that only code, or code against a schema, can make: Python, Node, Ruby, the JVM, PHP; PostgreSQL, MySQL and
 * SQLite where a statement names what is not there, Redis where a key holds something else. Nothing of networks, limits, logins or files.
 */
const CODE_ERRORS: readonly RegExp[] = [
  /\b(?:column|relation|function|type|schema) "?[\w.()" ,]+"? (?:of relation "[\w.]+" )?does not exist/i,
  /Unknown column '[^']+'|Table '[^']+' doesn't exist|no such (?:table|column): \S+/i,
  /\bWRONGTYPE\b[^\n"]{0,80}/,
  /\b(?:AttributeError|NameError|UnboundLocalError|ImportError|ModuleNotFoundError|TemplateNotFound|TemplateDoesNotExist|NoReverseMatch|UndefinedColumn|UndefinedTable)\b[^\n]{0,120}/,
  /\b(?:NoMethodError|uninitialized constant)\b[^\n]{0,120}/,
  // Node's and browsers' own words for a connection that did not come about are no error of code.
  /\b(?:ReferenceError|TypeError): (?!fetch failed|Failed to fetch|terminated\b|network)[^\n]{0,120}/,
  /\bKeyError: '[^']+'/,
  /\bjava\.lang\.(?:NullPointerException|NoSuchMethodError|NoClassDefFoundError|ClassCastException)\b/,
  // A request of a kind that whoever is asked does not take: urllib, requests, axios. Not a line of an access log.
  /\b(?:HTTP Error |HTTPError: |failed with status code )(?:405|415|422|501)\b[^\n]{0,80}|\b(?:405|415|422) Client Error\b[^\n]{0,80}/,
  // A breakpoint that was left in the code: pdb and ipdb, byebug, pry.
  /^\(?(?:i?[Pp]db|byebug)[)>]|\bbdb\.BdbQuit\b|^\[\d+\] pry\(/m,
  /Call to undefined (?:method|function) \S+/,
  /PHP Parse error: +[^\n]{0,120}|PHP Fatal error: +Uncaught (?:Error|ArgumentCountError|ValueError): [^\n]{0,120}/,
  // Its `memory_limit`: what one request may take.
  /Allowed memory size of \d+ bytes exhausted/,
];

/** The error's own words, the same for the same error; null where the line holds none. */
export const codeErrorIn = (message: string): string | null => {
  for (const pattern of CODE_ERRORS) {
    const found = pattern.exec(message)?.[0];
    if (found !== undefined) return found.trim();
  }
  return null;
};
