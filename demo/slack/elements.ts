import { isObject, objectsOf, word, type Json, type JsonObject } from './types.js';

export type FoundElement = { blockId: string; element: JsonObject };

/** Every element a person can press, choose or fill, with the block it stands in. */
export function interactiveElements(blocks: JsonObject[]): FoundElement[] {
  return blocks.flatMap((block) => {
    const blockId = word(block['block_id']);
    const candidates = [
      ...objectsOf(block['elements']),
      ...objectsOf(block['actions']),
      ...[block['accessory'], block['element']].filter(isObject),
    ];
    const own = candidates.filter(({ type }) => type !== 'card').map((element) => ({ blockId, element }));
    const cards = objectsOf(block['elements']).filter(({ type }) => type === 'card');
    return [
      ...own.filter(({ element }) => 'action_id' in element || element['type'] === 'button'),
      ...interactiveElements([...cards, ...objectsOf(block['child_blocks'])]),
    ];
  });
}

export function findElement(
  blocks: JsonObject[],
  actionId: string,
  blockId?: string,
): FoundElement | undefined {
  return interactiveElements(blocks).find(
    (found) =>
      found.element['action_id'] === actionId && (blockId === undefined || found.blockId === blockId),
  );
}

export function optionsOf(element: JsonObject): JsonObject[] {
  const grouped = objectsOf(element['option_groups']).flatMap((group) => objectsOf(group['options']));
  return [...objectsOf(element['options']), ...grouped];
}

/**
 * An input's value as Slack writes it, by the kind of element.
 * `chosen` is what the person entered: words, an option's value, or several values.
 */
export function elementState(element: JsonObject, chosen: string | string[] | undefined): JsonObject {
  const type = word(element['type']);
  const values = chosen === undefined ? [] : [chosen].flat();
  const options = optionsOf(element).filter(({ value }) => values.includes(word(value)));
  const first = values[0] ?? null;
  if (ONE_OPTION.has(type)) return { type, selected_option: options[0] ?? null };
  if (SEVERAL_OPTIONS.has(type)) return { type, selected_options: options };
  return { type, [VALUE_FIELDS[type] ?? 'value']: first };
}

const ONE_OPTION = new Set(['static_select', 'external_select', 'radio_buttons', 'overflow']);
const SEVERAL_OPTIONS = new Set(['multi_static_select', 'checkboxes']);
const VALUE_FIELDS: Record<string, string> = {
  users_select: 'selected_user',
  conversations_select: 'selected_conversation',
  channels_select: 'selected_channel',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
};

/** What stands in an element before anyone touches it. */
export function initialChoice(element: JsonObject): string | string[] | undefined {
  const one = element['initial_option'];
  if (isObject(one)) return word(one['value']);
  const several = objectsOf(element['initial_options']);
  if (several.length > 0) return several.map(({ value }) => word(value));
  const plain: Json | undefined =
    element['initial_value'] ??
    element['initial_user'] ??
    element['initial_conversation'] ??
    element['initial_channel'];
  return typeof plain === 'string' ? plain : undefined;
}
