import { ClientError } from '../../model/client-error.js';
import { servicePort, type Service } from '../../model/service.js';
import { refusal } from './refuse.js';

/** The unit that the snippet found and printed as `unit NAME`. */
export function unitOrRefuse(output: { stdout: string; exitCode: number }, service: Service): string {
  const name = /^unit ?(.*)$/m.exec(output.stdout)?.[1];
  if (name === undefined) throw refusal('sh', output);
  if (name !== '') return name;
  const port = servicePort(service);
  throw new ClientError(
    'denied',
    `found no systemd unit that listens on port ${port}; name it as \`unit\` in the inventory of ${service.name}`,
  );
}
