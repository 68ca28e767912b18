/**
 * What starts the shell that reads a script on its standard input. Quoted so that bash, dash, fish, csh and zsh as
 * login shells read it alike. Gentle (`nice`), and bounded even when the worker vanishes: without a terminal
 * nothing on the host ends a command whose connection is gone.
 */
export const SHELL_COMMAND = [
  "exec sh -c '",
  'n=; command -v nice >/dev/null 2>&1 && n="nice -n 10"; ',
  'command -v timeout >/dev/null 2>&1 && exec $n timeout -k 5 90 sh -s; ',
  "exec $n sh -s'",
].join('');
