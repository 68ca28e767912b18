import type { AlertSource } from '../model/alert.js';
import { alertmanager } from './alertmanager.js';
import { datadog } from './datadog.js';
import type { AlertSourceKind } from './define-source.js';
import { generic } from './generic.js';
import { grafana } from './grafana.js';
import { pagerduty } from './pagerduty.js';
import { sns } from './sns.js';

/** Every source. A new one is one file and one line here, its variables, and a row in the tables of the tests. */
export const alertSources: Readonly<Record<AlertSource, AlertSourceKind>> = {
  alertmanager,
  grafana,
  pagerduty,
  datadog,
  sns,
  generic,
};
