import { z } from 'zod';
import { address, anyText, identifier, image, mrkdwn, plainText, words } from './composition.js';
import { accessory, actionsElement, button, contextAction, inputElement } from './elements.js';

/** Figures: the Block Kit reference of 2026. A figure that sources disagree on is marked. */
const block = <T extends string>(type: T) => ({ type: z.literal(type), block_id: identifier.optional() });

const section = z
  .strictObject({
    ...block('section'),
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined, 'missing required field: text');

const header = z.strictObject({
  ...block('header'),
  text: plainText(150),
  level: z.int().min(1).max(4).optional(),
});
const divider = z.strictObject(block('divider'));
const context = z.strictObject({
  ...block('context'),
  elements: z
    .array(z.discriminatedUnion('type', [plainText(2000), mrkdwn(2000), image]))
    .min(1)
    .max(10),
});
const actions = z.strictObject({ ...block('actions'), elements: z.array(actionsElement).min(1).max(25) });
const imageBlock = z.strictObject({
  ...block('image'),
  image_url: address.optional(),
  slack_file: z.looseObject({}).optional(),
  alt_text: words(2000),
  title: plainText(2000).optional(),
});
const input = z.strictObject({
  ...block('input'),
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: inputElement,
});
const markdown = z.strictObject({ ...block('markdown'), text: words(12_000) });

const richTextPart = z.looseObject({
  type: z.enum(['rich_text_section', 'rich_text_list', 'rich_text_preformatted', 'rich_text_quote']),
  elements: z.array(z.looseObject({ type: z.string() })),
});
const richText = z.strictObject({ ...block('rich_text'), elements: z.array(richTextPart).min(1) });

const rawText = z.looseObject({ type: z.literal('raw_text'), text: z.string() });
const rawNumber = z.looseObject({ type: z.literal('raw_number'), value: z.number() });
const cell = z.discriminatedUnion('type', [rawText, rawNumber, richText]);
const table = z.strictObject({
  ...block('table'),
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z.array(z.looseObject({}).nullable()).max(20).optional(),
});
const dataTable = z.strictObject({
  ...block('data_table'),
  caption: z.string(),
  rows: z.array(z.array(cell).min(1).max(20)).min(2).max(201),
  page_size: z.int().min(1).max(100).optional(),
  row_header_column_index: z.int().min(0).optional(),
});

/** 200 characters; one source allows alerts in modals only. */
const alert = z.strictObject({
  ...block('alert'),
  text: anyText(200),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});
const card = z.strictObject({
  ...block('card'),
  hero_image: image.optional(),
  icon: image.optional(),
  slack_icon: z.looseObject({}).optional(),
  title: mrkdwn(150).optional(),
  subtitle: mrkdwn(150).optional(),
  subtext: mrkdwn(150).optional(),
  body: mrkdwn(200).optional(),
  actions: z.array(button).max(3).optional(),
});
const carousel = z.strictObject({ ...block('carousel'), elements: z.array(card).min(1).max(10) });
const contextActions = z.strictObject({
  ...block('context_actions'),
  elements: z.array(contextAction).min(1).max(5),
});
/** At most 12 series; one source says 6. */
const dataVisualization = z.looseObject({
  ...block('data_visualization'),
  title: words(50),
  chart: z.looseObject({ series: z.array(z.looseObject({})).max(12).optional() }),
});
const taskCard = z.looseObject({
  ...block('task_card'),
  task_id: identifier,
  title: words(256),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']).optional(),
});
const plan = z.looseObject({ ...block('plan'), title: words(256) });
const video = z.looseObject({
  ...block('video'),
  video_url: address,
  thumbnail_url: address,
  alt_text: words(2000),
  title: plainText(199),
});
const file = z.strictObject({
  ...block('file'),
  external_id: words(255),
  source: z.literal('remote'),
});

const child = z.discriminatedUnion('type', [
  section,
  header,
  divider,
  context,
  actions,
  imageBlock,
  input,
  richText,
  table,
  video,
]);
const container = z.looseObject({
  ...block('container'),
  title: plainText(150).optional(),
  subtitle: anyText(150).optional(),
  child_blocks: z.array(child).min(1).max(10),
});

export const messageBlock = z.discriminatedUnion('type', [
  section,
  header,
  divider,
  context,
  actions,
  imageBlock,
  input,
  markdown,
  richText,
  table,
  dataTable,
  alert,
  card,
  carousel,
  container,
  contextActions,
  dataVisualization,
  taskCard,
  plan,
  video,
  file,
]);

export const view = z.strictObject({
  type: z.enum(['modal', 'home']),
  title: plainText(24).optional(),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  blocks: z.array(messageBlock).max(100),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
});
