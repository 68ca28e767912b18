import { describe, expect, it } from 'vitest';
import { auditHash, type AuditRow, CHAIN_START, firstBadRow } from '../../src/model/audit.js';

const chain = (length: number): AuditRow[] => {
  const rows: AuditRow[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const row = {
      seq,
      at: '2026-11-22T02:53:07.000Z',
      event: 'requested' as const,
      service: 'api-prod',
      remediationId: null,
      actor: 'U0ANA',
      detail: `{"n":${seq}}`,
      previous: rows.at(-1)?.hash ?? CHAIN_START,
    };
    rows.push({ ...row, hash: auditHash(row) });
  }
  return rows;
};
const headOf = (rows: AuditRow[]) => ({ seq: rows.length, hash: rows.at(-1)?.hash ?? CHAIN_START });

describe('the chain of the audit', () => {
  const rows = chain(6);
  const head = headOf(rows);

  it('is whole as it was written, also when nothing was', () => {
    expect(firstBadRow(rows, head)).toBeNull();
    expect(firstBadRow([], headOf([]))).toBeNull();
  });

  it.each(['event', 'service', 'actor', 'detail', 'at', 'remediationId', 'hash', 'previous'] as const)(
    'names the row whose %s was changed',
    (field) => {
      const changed = rows.map((row) =>
        row.seq === 4 ? { ...row, [field]: `${String(row[field])}x` } : row,
      );
      expect(firstBadRow(changed, head)).toMatchObject({ seq: 4 });
    },
  );

  it('names the first of two that were swapped', () => {
    const [a, b, c, ...rest] = rows;
    expect(firstBadRow([a!, c!, b!, ...rest], head)).toMatchObject({ seq: 2 });
  });

  it('names the row that was taken out, at the start, in the middle and at the end', () => {
    expect(firstBadRow(rows.slice(1), head)).toMatchObject({ seq: 1 });
    expect(
      firstBadRow(
        rows.filter(({ seq }) => seq !== 3),
        head,
      ),
    ).toMatchObject({ seq: 3 });
    expect(firstBadRow(rows.slice(0, -2), head)).toMatchObject({ seq: 5 });
  });

  it('is not fooled by a chain that was computed anew from a changed row', () => {
    const forged = rows.slice(0, 3);
    for (const { seq } of rows.slice(3)) {
      const row = { ...rows[seq - 1]!, actor: 'U0EVIL', previous: forged.at(-1)!.hash };
      forged.push({ ...row, hash: auditHash(row) });
    }
    expect(firstBadRow(forged, head)).toMatchObject({ seq: 6, what: 'row 6 is not the noted end' });
  });

  it('misses no row that was added past the end', () => {
    expect(firstBadRow(rows, headOf(rows.slice(0, 5)))).toMatchObject({ seq: 6 });
  });
});
