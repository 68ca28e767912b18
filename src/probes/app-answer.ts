import { askHttp } from '../clients/http.js';
import { defineServiceProbe } from './define-probe.js';
import { hostPlaces, HttpAnswer, refuseForeignService, usersRequest } from './http-answer.js';

const DEADLINE_MS = 5000;

/** The users' own request, asked at each host's app: whether real requests work where the health check may not. */
export const appAnswer = defineServiceProbe({
  id: 'app-answer',
  fact: HttpAnswer,
  timeoutMs: 6000,
  places: (service) => (service.url === undefined ? [] : hostPlaces(service)),
  source: (service) => {
    const { url, to } = usersRequest(service);
    return `curl -si --http1.1 -m 5 -H 'Host: ${url.host}' ${url.protocol}//${to.host}:${String(to.port)}${url.pathname}`;
  },

  async read({ service, place, network, signal }) {
    const { url, to, forwardedProto } = usersRequest(service);
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
