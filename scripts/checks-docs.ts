import { checks } from '../src/checks/index.js';
import { Cause } from '../src/model/cause.js';
import { CAUSE_TITLES } from '../src/model/words.js';

/** The table of README.md: every check under its cause. */
export function checksTable(): string {
  const rows = Cause.options.map((cause) => {
    const ids = checks.filter((check) => check.cause === cause).map(({ id }) => `\`${id}\``);
    return `| ${CAUSE_TITLES[cause]} | ${ids.join(', ')} |`;
  });
  return ['| cause | checks |', '| --- | --- |', ...rows].join('\n');
}
