import { addressOf, askHttp, withoutUserinfo } from '../clients/http.js';
import { defineServiceProbe } from './define-probe.js';
import { hostPlaces, HttpAnswer, refuseForeignService } from './http-answer.js';

const DEADLINE_MS = 5000;

/** What the health endpoint says on each host, asked where the balancer asks. */
export const healthAnswer = defineServiceProbe({
  id: 'health-answer',
  fact: HttpAnswer,
  timeoutMs: 6000,
  places: hostPlaces,
  source: ({ health }) => `curl -si --http1.1 -m 5 ${withoutUserinfo(health)}`,

  async read({ service: { health }, place, network, signal }) {
    refuseForeignService(addressOf(new URL(health)).host, place, network);
    return askHttp(network, { url: health, verifyCertificate: false, deadlineMs: DEADLINE_MS }, signal);
  },
});
