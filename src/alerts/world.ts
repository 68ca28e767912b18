import { rememberCertificates } from './certificates.js';
import type { World } from './define-source.js';
import { fetchText } from './fetch-text.js';

/** The real one: this clock, and the providers' own hosts. */
export const createWorld = (): World => ({
  now: () => Date.now(),
  fetchCertificate: rememberCertificates(fetchText),
  open: async (url) => {
    await fetchText(url);
  },
});
