import type { Dispatcher } from 'undici';
import { rememberCertificates } from './certificates.js';
import type { World } from './define-source.js';
import { textFetcher } from './fetch-text.js';
import { certificateOf } from './sns-message.js';

/** The real one: this clock, and the providers' own hosts. `dispatcher`: for tests, whose hosts are elsewhere. */
export function createWorld(dispatcher?: Dispatcher): World {
  const fetchText = textFetcher(dispatcher);
  return {
    now: () => Date.now(),
    fetchCertificate: rememberCertificates(async (url) => {
      const pem = await fetchText(url);
      // Kept, a page of somebody in between would refuse every alert until the bot is started anew.
      if (certificateOf(pem) === null) throw new Error(`what ${new URL(url).host} gave is no certificate`);
      return pem;
    }),
    open: async (url) => {
      await fetchText(url);
    },
  };
}
