import type { View } from '../../../src/slack/views/view.js';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Every string that is sent, with the limit that holds where it stands. */
function* violations(value: unknown, path: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) yield* violations(each, `${path}[${index}]`);
  } else if (isObject(value)) {
    yield* objectViolations(value, path);
    if (value['type'] === 'button' && 'confirm' in value) yield* dialogViolations(value['confirm'], path);
    for (const [key, each] of Object.entries(value)) yield* violations(each, `${path}.${key}`);
  }
}

const text = (value: unknown): string =>
  isObject(value) && typeof value['text'] === 'string' ? value['text'] : '';
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const hasTwins = (elements: readonly unknown[]): boolean => {
  const ids = elements.map((element) => (isObject(element) ? element['action_id'] : undefined));
  return new Set(ids).size < ids.length;
};

function* objectViolations(value: Json, path: string): Generator<string> {
  const atMost = function* (what: string, length: number, max: number, min = 1): Generator<string> {
    if (length > max || length < min) yield `${path}: ${what} is ${length}, allowed ${min}..${max}`;
  };
  switch (value['type']) {
    case 'section':
      yield* atMost('section.text', text(value['text']).length, 3000);
      break;
    case 'actions':
      yield* atMost('actions', list(value['elements']).length, 25);
      if (hasTwins(list(value['elements']))) yield `${path}: two elements with one action_id`;
      break;
    case 'context':
      yield* atMost('context', list(value['elements']).length, 10);
      break;
    case 'button':
      yield* atMost('button text', text(value['text']).length, 75);
      yield* atMost('value', String(value['value']).length, 2000);
      break;
    case 'overflow':
      yield* atMost('options', list(value['options']).length, 5);
      break;
    case 'static_select':
      yield* atMost('options', list(value['options']).length, 100);
      break;
    case 'text':
      yield* atMost('rich text', text(value).length, 12_000);
      break;
  }
  if ('value' in value && 'text' in value && value['type'] === undefined) {
    yield* atMost('option text', text(value['text']).length, 75);
    yield* atMost('option value', String(value['value']).length, 150);
  }
}

function* dialogViolations(dialog: unknown, path: string): Generator<string> {
  const limits = { title: 100, text: 300, confirm: 30, deny: 30 };
  for (const [part, max] of Object.entries(limits)) {
    const { length } = text(isObject(dialog) ? dialog[part] : null);
    if (length < 1 || length > max) yield `${path}.confirm.${part} is ${length}, allowed 1..${max}`;
  }
}

const OUR_OWN =
  /<@[UW][A-Z0-9]{2,}>|<!subteam\^S[A-Z0-9]{2,30}>|<#[CGD][A-Z0-9]{2,}>|<!date\^\d+\^(?:\{date_short\} )?\{time_secs\}\|(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC>/g;

/** Why Slack would refuse a view, or what in it Slack would obey; empty when all is well. */
export function problems({ text: fallback, blocks }: View): string[] {
  const json = JSON.stringify(blocks);
  const all = `${json}${JSON.stringify(fallback)}`.replaceAll(OUR_OWN, '');
  return [
    ...violations(blocks, 'blocks'),
    ...(blocks.length > 50 ? [`${blocks.length} blocks`] : []),
    ...(json.length > 12_000 ? [`${json.length} characters of JSON`] : []),
    ...(fallback.length > 4000 || fallback === '' ? [`text is ${fallback.length} long`] : []),
    ...(all.match(/<[!@#]\S{0,20}|<https?:\S{0,20}/gi) ?? []).map((token) => `Slack would obey ${token}`),
    ...(all.match(/\\u00[01]|(?!\u2060)[\p{Cf}\p{Cc}]/gu) ?? []).map(
      (char) => `unseen character ${JSON.stringify(char)}`,
    ),
  ];
}
