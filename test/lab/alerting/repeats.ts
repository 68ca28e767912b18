import { until } from '../../helpers/until.js';
import { sentBy } from './alertmanager.js';
import { REPLICAS } from './monitoring.js';
import type { Thread } from './thread.js';

/** Of each replica, after all that it had to say has been said. */
const REPEATS = 2;
const SECOND_ALERT_MS = 30_000;
const REPEATS_MS = 60_000;

const sentByEach = () => Promise.all(REPLICAS.map(sentBy));

export const postsOfAll = async (): Promise<number> =>
  (await sentByEach()).reduce((sum, { posts }) => sum + posts, 0);

/** The second rule is counted; what either replica says again and again changes nothing. */
export async function watchRepeats(thread: Thread): Promise<string[]> {
  await until('the second alert is counted', () => thread.alerts() > 1, SECOND_ALERT_MS);
  const before = thread.words();
  const sent = await sentByEach();
  const repeated = async (): Promise<boolean> =>
    (await sentByEach()).every(({ posts }, index) => posts >= (sent[index]?.posts ?? 0) + REPEATS);
  await until('both replicas have repeated it all', repeated, REPEATS_MS);
  const failed = (await sentByEach()).reduce((sum, each) => sum + each.failed, 0);
  return [
    ...(thread.words() === before ? [] : [`repeats changed the thread:\n${before}\n->\n${thread.words()}`]),
    ...(failed === 0 ? [] : [`${failed} posts of Alertmanager were not taken`]),
  ];
}
