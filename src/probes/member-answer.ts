import { z } from 'zod';
import { askHttp } from '../clients/http.js';
import type { HttpAnswer as Answer } from './http-answer.js';
import { readMembers } from './balancer-members.js';
import { defineServiceProbe } from './define-probe.js';
import { HttpAnswer, usersRequest } from './http-answer.js';

/** HAProxy's own default of `timeout connect` in Debian is 5 s; a member beside its balancer answers in milliseconds. */
const DEADLINE_MS = 1500;
/** One request for each, all at once: a large pool is not asked as a whole. */
const MAX_MEMBERS = 8;

/** Sessions that somebody ended are not asked; where the login may not see addresses, nobody is. */
const isAsked = ({ status, address }: { status: string; address: string | null }): boolean =>
  address !== null && /:\d+$/.test(address) && !status.startsWith('MAINT');

/** The users' request, asked by the balancer's host at each member's own address: what the balancer itself would get. */
export const memberAnswer = defineServiceProbe({
  id: 'member-answer',
  fact: z.object({
    members: z.array(z.object({ name: z.string(), address: z.string(), answer: HttpAnswer })),
  }),
  timeoutMs: 5000,
  places: ({ balancer }) =>
    balancer?.host !== undefined && balancer.socket !== undefined
      ? [{ target: { kind: 'balancer', name: balancer.pool }, from: balancer.host }]
      : [],
  source: (service) => {
    const { url } = usersRequest(service);
    return `curl -si --http1.1 -m 2 -H 'Host: ${url.host}' http://MEMBER${url.pathname}`;
  },

  async read({ service, network, signal }) {
    const { balancer } = service;
    if (!balancer) return { members: [] };
    const { members } = await readMembers(balancer, network, signal);
    const { url, forwardedProto } = usersRequest(service);
    const ask = (address: string): Promise<Answer> => {
      const colon = address.lastIndexOf(':');
      const connectTo = { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
      const question = { url: url.href, connectTo, forwardedProto, verifyCertificate: false };
      return askHttp(network, { ...question, deadlineMs: DEADLINE_MS }, signal);
    };
    const asked = members.filter(isAsked).slice(0, MAX_MEMBERS);
    return {
      members: await Promise.all(
        asked.map(async ({ name, address }) => ({
          name,
          address: address ?? '',
          answer: await ask(address ?? ''),
        })),
      ),
    };
  },
});
