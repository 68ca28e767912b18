import { NotAccepted } from '../../queue/request-run.js';

/** Slack waits three seconds, the database's own time limits are longer. */
const READ_MS = 1_500;

/** For what is only read to answer a person. Throws NotAccepted when the database does not answer. */
export async function readStore<T>(reading: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), READ_MS);
  });
  try {
    return await Promise.race([reading, late]);
  } catch (cause) {
    throw new NotAccepted('The database is not answering: try again in a minute.', { cause });
  } finally {
    clearTimeout(timer);
  }
}
