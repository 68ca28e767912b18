import { z } from 'zod';
import {
  address,
  confirm,
  identifier,
  image,
  option,
  optionGroup,
  plainText,
  style,
  words,
} from './composition.js';

const actionable = { action_id: identifier.optional(), confirm: confirm.optional() };
const focusable = { ...actionable, focus_on_load: z.boolean().optional() };
const placeable = { ...focusable, placeholder: plainText(150).optional() };
const typed = {
  ...placeable,
  initial_value: z.string().optional(),
  dispatch_action_config: z.looseObject({}).optional(),
};
const options = z.array(option).min(1).max(100).optional();
const groups = z.array(optionGroup).min(1).max(100).optional();
const many = z.int().min(1).optional();
const loose = <T extends string>(type: T) => z.looseObject({ type: z.literal(type), ...placeable });

const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  value: z.string().max(2000).optional(),
  url: address.optional(),
  style: style.optional(),
  accessibility_label: words(75).optional(),
  ...actionable,
});
const overflow = z.strictObject({
  type: z.literal('overflow'),
  options: z.array(option).min(1).max(5),
  ...actionable,
});
const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  options,
  option_groups: groups,
  initial_option: option.optional(),
  ...placeable,
});
const multiStaticSelect = z.strictObject({
  type: z.literal('multi_static_select'),
  options,
  option_groups: groups,
  initial_options: options,
  max_selected_items: many,
  ...placeable,
});
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  options: z.array(option).min(1).max(10),
  initial_option: option.optional(),
  ...focusable,
});
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  options: z.array(option).min(1).max(10),
  initial_options: z.array(option).optional(),
  ...focusable,
});
const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
  ...typed,
});
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  is_decimal_allowed: z.boolean(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
  ...typed,
});
const text = <T extends string>(type: T) => z.strictObject({ type: z.literal(type), ...typed });

const pickers = [
  loose('datepicker'),
  loose('datetimepicker'),
  loose('timepicker'),
  loose('users_select'),
  loose('conversations_select'),
  loose('channels_select'),
  loose('external_select'),
  loose('multi_users_select'),
  loose('multi_conversations_select'),
  loose('multi_channels_select'),
  loose('multi_external_select'),
  loose('rich_text_input'),
] as const;

export { button };
export const actionsElement = z.discriminatedUnion('type', [
  button,
  overflow,
  staticSelect,
  multiStaticSelect,
  radioButtons,
  checkboxes,
  loose('workflow_button'),
  ...pickers,
]);
export const accessory = z.discriminatedUnion('type', [
  image,
  button,
  overflow,
  staticSelect,
  multiStaticSelect,
  radioButtons,
  checkboxes,
  loose('workflow_button'),
  ...pickers,
]);
export const inputElement = z.discriminatedUnion('type', [
  plainTextInput,
  numberInput,
  staticSelect,
  multiStaticSelect,
  radioButtons,
  checkboxes,
  text('email_text_input'),
  text('url_text_input'),
  loose('file_input'),
  ...pickers,
]);
export const contextAction = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('feedback_buttons') }),
  z.looseObject({ type: z.literal('icon_button') }),
]);
