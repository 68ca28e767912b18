import type { Facts } from '../../probes/index.js';
import type { Observed, Outcome } from '../define-check.js';
import { describe, quoteAnswer } from './answers.js';
import { answerOfMember } from './member-reach.js';
import { changedAt, isDown, isSetAside, quoteMembers, shareOf, type Member } from './members.js';

/** HAProxy's check of the layer of TLS: no handshake, or none in time (management.txt 9.1, check_status). */
const isHandshakeLost = (member: Member): boolean =>
  isDown(member) && /^L6(?:RSP|TOUT)$/.test(member.checkStatus ?? '');

/** nginx and Apache to plain HTTP on a port that wants TLS; others answer nothing that is HTTP. */
const WANTS_TLS = /HTTPS|SSL-enabled|\bTLS\b/i;

/**
 * Members that want TLS, as our plain question shows, and with which HAProxy gets no handshake: its requests go the same
 * way as its check. Which of the two is wrong stands in its configuration, which is not read.
 */
export function handshakesLost(
  seen: Observed<Facts['balancerMembers']>,
  memberAnswer: readonly Observed<Facts['memberAnswer']>[],
): Outcome | null {
  const { members } = seen.fact;
  const lost = members.filter(isHandshakeLost).flatMap((member) => {
    const own = answerOfMember(memberAnswer, member);
    const wantsTls =
      own !== undefined &&
      ((own.answer.status === 400 && WANTS_TLS.test(own.answer.body)) ||
        own.answer.failure?.kind === 'protocol');
    return own !== undefined && wantsTls ? [{ member, own }] : [];
  });
  const [first] = lost;
  if (first === undefined) return null;
  const all = lost.map(({ member }) => member);
  const since = changedAt(all, seen.at);
  const { member, own } = first;
  return {
    status: 'failed',
    confidence: all.length === members.filter((each) => !isSetAside(each)).length ? 'likely' : 'possible',
    summary: `HAProxy gets no TLS handshake with ${shareOf(all, members)} (${[member.checkStatus, member.lastCheck].filter(Boolean).join(' ')}), which want TLS (${describe(own.answer)} to plain HTTP): a certificate or an authority that it does not trust, or another version of TLS`,
    evidence: [quoteMembers(seen, all), quoteAnswer(own.from, own.answer)],
    ...(since === undefined ? {} : { since }),
  };
}
