import type { ReactNode } from 'react';
import { initialChoice, optionsOf } from '../elements.js';
import { isObject, objectsOf, textOf, word, type JsonObject } from '../types.js';
import { PlainText } from './text.js';

/** Where an element stands; the script sends it back when the element is used. */
export type Place = { blockId: string; isForm: boolean };

type Props = { element: JsonObject; place: Place };

export function InteractiveElement({ element, place }: Props): ReactNode {
  switch (element['type']) {
    case 'button':
      return <PushButton element={element} place={place} />;
    case 'overflow':
      return <Overflow element={element} place={place} />;
    case 'static_select':
    case 'multi_static_select':
      return <Select element={element} place={place} />;
    case 'radio_buttons':
    case 'checkboxes':
      return <Choices element={element} place={place} />;
    case 'image':
      return <span className="thumbnail">{textOf(element['alt_text'])}</span>;
    default:
      return <Field element={element} place={place} />;
  }
}

/** What the script needs to know of an element. */
function data({ element, place }: Props) {
  const confirm = element['confirm'];
  return {
    'data-action': word(element['action_id']),
    'data-block': place.blockId,
    ...(isObject(confirm) && { 'data-confirm': JSON.stringify(confirmWords(confirm)) }),
  };
}

function confirmWords(confirm: JsonObject) {
  return {
    title: textOf(confirm['title']) || 'Are you sure?',
    text: textOf(confirm['text']),
    confirm: textOf(confirm['confirm']) || 'Yes',
    deny: textOf(confirm['deny']) || 'Cancel',
    style: confirm['style'] ?? 'primary',
  };
}

function PushButton({ element, place }: Props) {
  const style = typeof element['style'] === 'string' ? element['style'] : 'default';
  const url =
    typeof element['url'] === 'string' && /^https?:/i.test(element['url']) ? element['url'] : undefined;
  return (
    <button type="button" className={`push ${style}`} data-url={url} {...data({ element, place })}>
      <PlainText text={textOf(element['text'])} />
    </button>
  );
}

function Overflow({ element, place }: Props) {
  return (
    <details className="overflow">
      <summary aria-label="More actions">⋯</summary>
      <div className="menu">
        {optionsOf(element).map((option, index) => (
          <button key={index} type="button" data-value={word(option['value'])} {...data({ element, place })}>
            <PlainText text={textOf(option['text'])} />
          </button>
        ))}
      </div>
    </details>
  );
}

function Select({ element, place }: Props) {
  const isMultiple = element['type'] === 'multi_static_select';
  const groups = objectsOf(element['option_groups']);
  const options = (list: JsonObject[]) =>
    list.map((option, index) => (
      <option key={index} value={word(option['value'])}>
        {textOf(option['text'])}
      </option>
    ));
  const initial = initialChoice(element);
  return (
    <select
      multiple={isMultiple}
      defaultValue={isMultiple ? [initial ?? []].flat() : String(initial ?? '')}
      data-select={place.isForm ? 'field' : 'action'}
      {...data({ element, place })}
    >
      {!isMultiple && <option value="">{textOf(element['placeholder']) || 'Choose an option'}</option>}
      {options(objectsOf(element['options']))}
      {groups.map((group, index) => (
        <optgroup key={index} label={textOf(group['label'])}>
          {options(objectsOf(group['options']))}
        </optgroup>
      ))}
    </select>
  );
}

function Choices({ element, place }: Props) {
  const isRadio = element['type'] === 'radio_buttons';
  const initial = [initialChoice(element) ?? []].flat();
  return (
    <span className="choices" data-choices={isRadio ? 'one' : 'many'} {...data({ element, place })}>
      {optionsOf(element).map((option, index) => (
        <label key={index}>
          <input
            type={isRadio ? 'radio' : 'checkbox'}
            name={`${place.blockId}-${word(element['action_id'])}`}
            value={word(option['value'])}
            defaultChecked={initial.includes(word(option['value']))}
          />
          <PlainText text={textOf(option['text'])} />
        </label>
      ))}
    </span>
  );
}

const FIELD_TYPES: Record<string, string> = {
  number_input: 'number',
  email_text_input: 'email',
  url_text_input: 'url',
  datepicker: 'date',
  timepicker: 'time',
};

function Field({ element, place }: Props) {
  const common = {
    placeholder: textOf(element['placeholder']),
    defaultValue: String(initialChoice(element) ?? ''),
    'data-field': '',
    ...data({ element, place }),
  };
  if (element['multiline'] === true) return <textarea rows={4} {...common} />;
  return <input type={FIELD_TYPES[word(element['type'])] ?? 'text'} {...common} />;
}
