import { expect, it } from 'vitest';
import { createAdmission } from '../../src/http/admission.js';

const nobody = (): void => expect.unreachable('nobody has to give way');

it('keeps a place until the body is no longer needed', () => {
  const admission = createAdmission({ bodies: 1, bytes: 100 });
  const place = admission.enter(10, nobody);
  place?.arrived(10);
  expect(admission.enter(10, nobody)).toBeNull();
  place?.leave();
  place?.leave();
  expect(admission.enter(10, nobody)).not.toBeNull();
});

it('counts the bytes that are there instead of those that were announced', () => {
  const admission = createAdmission({ bodies: 10, bytes: 100 });
  admission.enter(100, nobody)?.arrived(40);
  admission.enter(60, nobody)?.arrived(60);
  expect(admission.enter(1, nobody)).toBeNull();
});

it('takes the place of the body that is on its way for longest, and of no other', () => {
  const admission = createAdmission({ bodies: 3, bytes: 100 });
  const gave: string[] = [];
  admission.enter(10, () => gave.push('there'))?.arrived(10);
  const slow = admission.enter(10, () => gave.push('slow'));
  admission.enter(10, () => gave.push('slower to come'));
  expect(admission.enter(10, () => gave.push('new'))).not.toBeNull();
  expect(gave).toEqual(['slow']);
  slow?.arrived(1_000); // too late: it holds nothing any more
  slow?.leave();
  expect(admission.enter(75, () => gave.push('large'))).not.toBeNull();
  expect(gave).toEqual(['slow', 'slower to come']);
});
