import { z } from 'zod';

/** Text of 1 to `max` characters, as most fields of Block Kit want it. */
export const words = (max: number) => z.string().min(1).max(max);
export const identifier = z.string().min(1).max(255);
export const address = z.string().min(1).max(3000);

export const plainText = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: words(max), emoji: z.boolean().optional() });

export const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: words(max), verbatim: z.boolean().optional() });

export const anyText = (max: number) => z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);

export const option = z.strictObject({
  text: anyText(75),
  value: words(150),
  description: anyText(75).optional(),
  url: address.optional(),
});
export const optionGroup = z.strictObject({
  label: plainText(75),
  options: z.array(option).min(1).max(100),
});

export const style = z.enum(['primary', 'danger']);

export const confirm = z.strictObject({
  title: plainText(100).optional(),
  text: anyText(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: style.optional(),
});

export const image = z.strictObject({
  type: z.literal('image'),
  image_url: address.optional(),
  slack_file: z.looseObject({}).optional(),
  alt_text: words(2000),
});
