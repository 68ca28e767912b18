/** A child of the demo ends when the pipe to its parent closes, whatever ended the parent: also SIGKILL. */
export function endWithParent(): void {
  process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0));
  process.stdin.resume();
}
