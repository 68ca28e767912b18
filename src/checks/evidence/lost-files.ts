import path from 'node:path';
import type { Service } from '../../model/service.js';

/** How Python, Node, Ruby, PHP and Go, and the JVM say that a file is not there; the first group is its name. */
const NOT_FOUND: readonly RegExp[] = [
  /No such file or directory: '([^']{1,200})'/,
  /ENOENT: no such file or directory, \w+ '([^']{1,200})'/,
  /No such file or directory @ \w+ - (\S{1,200})/,
  /(?:\w\(|\bopen )([^\s():]{1,200})\)?: (?:failed to open stream: )?no such file or directory/i,
  /(?:NoSuchFileException: |FileNotFoundException: )([^\s(]{1,200})/,
];
/** The same languages on a file that is there, and that the app's login may not open. */
const DENIED: readonly RegExp[] = [
  /Permission denied: '([^']{1,200})'/,
  /EACCES: permission denied, \w+ '([^']{1,200})'/,
  /Permission denied @ \w+ - (\S{1,200})/,
  /(?:\w\(|\bopen )([^\s():]{1,200})\)?: (?:failed to open stream: )?permission denied/i,
  /(?:AccessDeniedException: |FileNotFoundException: )(\S{1,200}) \(Permission denied\)/,
  /AccessDeniedException: (\/\S{1,200})/,
];
/** Whoever misses a socket misses a server. */
const SOCKET = /\.sock(?:et)?$/;

/** A file that a release should bring: named from its own folder, or below where releases are put. The error's own words. */
export function lostFileIn(message: string, release: Service['release']): string | null {
  for (const pattern of NOT_FOUND) {
    const found = pattern.exec(message);
    const name = found?.[1];
    if (found === null || name === undefined || SOCKET.test(name)) continue;
    if (!path.posix.isAbsolute(name) || foldersOf(release).some((folder) => name.startsWith(`${folder}/`)))
      return found[0];
  }
  return null;
}

/** A file whose owner or rights are others, wherever it lies. The error's own words, with its folder: names change. */
export function closedFileIn(message: string): string | null {
  for (const pattern of DENIED) {
    const found = pattern.exec(message);
    const name = found?.[1];
    if (found !== null && name !== undefined && !SOCKET.test(name))
      return found[0].replace(name, () => `${path.posix.dirname(name)}/…`);
  }
  return null;
}

const foldersOf = (release: Service['release']): string[] => {
  if (release === undefined || 'command' in release) return [];
  return ['link' in release ? path.posix.dirname(release.link) : release.gitDir].filter(
    (folder) => folder !== '/',
  );
};
