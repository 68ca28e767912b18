import { durationWords } from '../../model/words.js';
import type { HttpAnswer } from '../../probes/http-answer.js';
import type { Observed } from '../define-check.js';

export const isBad = ({ status }: HttpAnswer): boolean => status === null || status >= 500;

/** Nobody listens there. */
export const isRefused = ({ failure }: HttpAnswer): boolean =>
  failure?.rung === 'tcp' && failure.kind === 'refused';

/** Accepted, and thrown out before an answer. */
export const isThrownOut = ({ failure }: HttpAnswer): boolean =>
  failure?.kind === 'reset' && failure.rung !== 'dns';

/** Connected, and nothing came in time. */
export const isSilent = ({ failure }: HttpAnswer): boolean =>
  failure?.rung === 'answer' && failure.kind === 'timeout';

/** Each of them was kept waiting by whoever stands first: before a word of TLS, or of HTTP. */
export const isUnanswered = (answers: readonly HttpAnswer[]): boolean =>
  answers.length > 0 &&
  answers.every(
    ({ failure }) => (failure?.rung === 'answer' || failure?.rung === 'tls') && failure.kind === 'timeout',
  );

/** What a proxy answers for a service that it cannot use. */
export const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504]);

/** Whether a real request gets its answer. A 404 or a redirect is one: only this path may not exist. */
export const isServed = (answer: HttpAnswer): boolean => !isBad(answer);

/** "503 Service Unavailable in 34 ms", or why there was none. */
export const describe = ({ status, reasonPhrase, failure, firstByteMs }: HttpAnswer): string =>
  status === null
    ? failure === null
      ? 'no answer'
      : failure.message.startsWith('no answer')
        ? failure.message
        : `no answer: ${failure.message}`
    : `${`${String(status)} ${reasonPhrase ?? ''}`.trim()} in ${durationWords(firstByteMs)}`;

const MAX_BODY_CHARS = 300;
const TELLING_HEADERS = ['server', 'via', 'retry-after', 'location', 'content-type', 'www-authenticate'];

/** The answer as curl -i would begin it. */
export const quoteAnswer = (from: Observed<unknown>, answer: HttpAnswer) => ({
  from,
  excerpt: [
    answer.request,
    answer.status === null
      ? (answer.failure?.message ?? 'no answer')
      : `HTTP/1.1 ${String(answer.status)} ${answer.reasonPhrase ?? ''}`.trim(),
    ...TELLING_HEADERS.flatMap((name) => {
      const value = answer.headers[name];
      return value === undefined ? [] : [`${name}: ${value}`];
    }),
    ...(answer.body.trim() === '' ? [] : [answer.body.trim().slice(0, MAX_BODY_CHARS)]),
  ].join('\n'),
});

/**
 * nginx's own 503: its page, also where a CDN in front put its name into the Server header, or a page that somebody gave
 * it for one (`error_page`): the reason phrase stays its own, which no app server uses.
 */
export const isNginxOwn = ({ body, headers, reasonPhrase }: HttpAnswer): boolean =>
  NGINX_PAGE.test(body) || (namesNginx(headers) && reasonPhrase === NGINX_REASON);
export const namesNginx = (headers: HttpAnswer['headers']): boolean =>
  /^(?:nginx|openresty)/i.test(headers['server'] ?? '');
const NGINX_PAGE = /<hr><center>(?:nginx|openresty)/i;
export const NGINX_REASON = 'Service Temporarily Unavailable';

/**
 * nginx before the app knows nothing of what the app serves, when it is asked directly. That it is no matter of our own
 * request (a path or a Host that HAProxy rewrites) must be known from what HAProxy itself gets there.
 */
export const isKeptFromApp = (atFront: HttpAnswer, atApp: HttpAnswer | undefined): boolean =>
  atApp !== undefined &&
  atFront.status === 404 &&
  (atApp.status ?? 500) < 400 &&
  NGINX_PAGE.test(atFront.body);

/** HAProxy's own page: these words, whoever passed it on. */
export const isHaproxyPage = ({ body }: HttpAnswer): boolean =>
  body.includes('No server is available to handle this request.');
