import type { Service } from '../../model/service.js';
import { countOf } from '../../model/words.js';
import { OURS, SLACK_LIMITS } from './limits.js';
import { code, line, mrkdwn } from './mrkdwn.js';
import type { View } from './view.js';

type Listed = Pick<Service, 'name' | 'title' | 'hosts'>;

export function serviceList(services: readonly Listed[]): View {
  const text = services.length === 0 ? 'The inventory has no services.' : countOf(services.length, 'service');
  const lines = services.slice(0, OURS.listed).map(listLine);
  const rest = services.length - lines.length;
  const shown = [text, ...lines, ...(rest > 0 ? [`and ${rest} more: type \`/diag503 NAME\``] : [])];
  return { text, blocks: sections(shown).map((part) => ({ type: 'section', text: mrkdwn(part) })) };
}

const listLine = ({ name, title, hosts }: Listed): string => {
  const titled = title === name ? '' : ` ${line(title, OURS.name)}`;
  return `${code(name, OURS.name)}${titled} (${countOf(hosts.length, 'host')})`;
};

/** Lines packed into as few sections as Slack's limit allows. */
function sections(lines: readonly string[]): string[] {
  const packed: string[] = [];
  let current = '';
  for (const each of lines) {
    if (current !== '' && current.length + 1 + each.length > SLACK_LIMITS.sectionText) {
      packed.push(current);
      current = '';
    }
    current = current === '' ? each : `${current}\n${each}`;
  }
  return [...packed, current];
}
