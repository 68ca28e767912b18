/**
 * What starts the shell that reads a script on its standard input. Quoted so that bash, dash, fish, csh and zsh as
 * login shells read it alike. Bounded even when the worker vanishes: without a terminal nothing on the host ends a
 * command whose connection is gone. Not `nice`: beside fifty busy processes the few milliseconds of a nice shell take
 * ten times as long, and the answer comes after the deadline.
 */
export const SHELL_COMMAND = [
  "exec sh -c '",
  'command -v timeout >/dev/null 2>&1 && exec timeout -k 5 60 sh -s; ',
  "exec sh -s'",
].join('');
