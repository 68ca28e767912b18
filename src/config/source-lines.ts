import { isAlias, isMap, isNode, isScalar, isSeq, type Document, type LineCounter, type Node } from 'yaml';

export type Path = readonly PropertyKey[];
/** Both from 1, as editors count. */
export type Position = { line: number; column: number };

export type SourceLines = {
  /** Of the key or list entry at the path; where that is not written, of the nearest one above it. */
  position(path: Path): Position;
  /** What the file says there, before variables are filled in; undefined where it says nothing. */
  written(path: Path): unknown;
};

export function sourceLines(document: Document, lines: LineCounter): SourceLines {
  const follow = (path: Path): Step[] => {
    const steps: Step[] = [{ at: document.contents, value: document.contents }];
    for (const segment of path) {
      const next = child(resolve(steps.at(-1)?.value ?? null, document), segment);
      if (next === undefined) break;
      steps.push(next);
    }
    return steps;
  };
  return {
    position: (path) => {
      const written = follow(path).findLast(({ at }) => at?.range);
      const { line, col } = lines.linePos(written?.at?.range?.[0] ?? 0);
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
    written: (path) => {
      const steps = follow(path);
      if (steps.length <= path.length) return undefined;
      const node = resolve(steps.at(-1)?.value ?? null, document);
      if (isMap(node)) return Object.fromEntries(node.items.map(({ key }) => [String(key), true]));
      return isScalar(node) ? node.value : isSeq(node) ? [] : null;
    },
  };
}

type Step = { at: Node | null; value: Node | null };

function child(node: Node | null, segment: PropertyKey): Step | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
    return pair && { at: asNode(pair.key), value: asNode(pair.value) };
  }
  if (isSeq(node) && typeof segment === 'number') {
    const entry = asNode(node.items[segment]);
    return entry === null ? undefined : { at: entry, value: entry };
  }
  return undefined;
}

const resolve = (node: Node | null, document: Document): Node | null =>
  isAlias(node) ? (node.resolve(document) ?? null) : node;

const asNode = (value: unknown): Node | null => (isNode(value) ? value : null);
