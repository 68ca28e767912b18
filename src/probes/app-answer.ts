import { addressOf, askHttp } from '../clients/http.js';
import type { Service } from '../model/service.js';
import { defineServiceProbe } from './define-probe.js';
import { hostPlaces, HttpAnswer, refuseForeignService } from './http-answer.js';

const DEADLINE_MS = 5000;

/** The users' own request, asked at each host's app: whether real requests work where the health check may not. */
export const appAnswer = defineServiceProbe({
  id: 'app-answer',
  fact: HttpAnswer,
  timeoutMs: 6000,
  places: (service) => (service.url === undefined ? [] : hostPlaces(service)),
  source: (service) => {
    const { url, to } = innerRequest(service);
    return `curl -si --http1.1 -m 5 -H 'Host: ${url.host}' ${url.protocol}//${to.host}:${String(to.port)}${url.pathname}`;
  },

  async read({ service, place, network, signal }) {
    const { url, to, forwardedProto } = innerRequest(service);
    refuseForeignService(to.host, place, network);
    const ask = {
      url: url.href,
      connectTo: to,
      forwardedProto,
      verifyCertificate: false,
      deadlineMs: DEADLINE_MS,
    };
    return askHttp(network, ask, signal);
  },
});

/** Path and Host of the public URL, scheme and address of the health URL. */
const innerRequest = ({ url: outer, health }: Service) => {
  const inner = new URL(health);
  const url = new URL(outer ?? health);
  const forwardedProto = url.protocol === 'https:' ? ('https' as const) : ('http' as const);
  const { host } = url;
  const rewritten = new URL(`${inner.protocol}//${host}${url.pathname}${url.search}`);
  return { url: rewritten, to: addressOf(inner), forwardedProto };
};
