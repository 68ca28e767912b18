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
export const lostFileIn = (message: string, release: Service['release']): string | null =>
  firstOf(NOT_FOUND, message, (name) => isOfRelease(name, release))?.words ?? null;

/** One that lies elsewhere: a release may want what nobody made, and a disk may be gone. With its folder: names change. */
export const foreignFileIn = (message: string, release: Service['release']): string | null =>
  withFolder(firstOf(NOT_FOUND, message, (name) => !isOfRelease(name, release)));

/** A file whose owner or rights are others, wherever it lies. */
export const closedFileIn = (message: string): string | null =>
  withFolder(firstOf(DENIED, message, () => true));

type Found = { readonly words: string; readonly name: string };

const firstOf = (
  patterns: readonly RegExp[],
  message: string,
  isMeant: (name: string) => boolean,
): Found | null => {
  for (const pattern of patterns) {
    const [words, name] = pattern.exec(message) ?? [];
    if (words !== undefined && name !== undefined && !SOCKET.test(name) && isMeant(name))
      return { words, name };
  }
  return null;
};

const withFolder = (found: Found | null): string | null =>
  found && found.words.replace(found.name, () => `${path.posix.dirname(found.name)}/…`);

const isOfRelease = (name: string, release: Service['release']): boolean =>
  !path.posix.isAbsolute(name) || foldersOf(release).some((folder) => name.startsWith(`${folder}/`));

const foldersOf = (release: Service['release']): string[] => {
  if (release === undefined || 'command' in release) return [];
  return ['link' in release ? path.posix.dirname(release.link) : release.gitDir].filter(
    (folder) => folder !== '/',
  );
};
