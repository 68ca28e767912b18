import { startBesideHosts } from '../client.js';

/** The same request to each of these addresses at once, as often as told, from where users stand. */
export const askMany = (urls: readonly string[], times: number, maxSeconds: number): void => {
  for (const url of urls)
    for (let i = 0; i < times; i += 1)
      startBesideHosts(['curl', '-s', '-o', '/dev/null', '-m', String(maxSeconds), url]);
};
