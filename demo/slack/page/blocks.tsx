import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Message as LibraryMessage, type Block } from 'slack-blocks-to-jsx';
import { interactiveElements } from '../elements.js';
import type { Names } from '../names.js';
import { isObject, objectsOf, textOf, word, type JsonObject } from '../types.js';
import { InteractiveElement } from './elements.js';
import { PlainText, Text, When } from './text.js';

type Props = { block: JsonObject; names: Names; isForm: boolean };

export function Blocks({
  blocks,
  names,
  isForm = false,
}: {
  blocks: JsonObject[];
  names: Names;
  isForm?: boolean;
}) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <DrawnBlock key={index} block={block} names={names} isForm={isForm} />
      ))}
    </div>
  );
}

/** Blocks with mrkdwn or things to press are drawn here, so that they work and quote exactly; the library draws the rest. */
function DrawnBlock(props: Props): ReactNode {
  const { block, names } = props;
  switch (block['type']) {
    case 'header':
      return (
        <h3>
          <PlainText text={textOf(block['text'])} />
        </h3>
      );
    case 'divider':
      return <hr />;
    case 'section':
      return <Section {...props} />;
    case 'context':
      return (
        <div className="context">
          {objectsOf(block['elements']).map((element, index) => (
            <span key={index}>
              <Text
                value={element['type'] === 'image' ? (element['alt_text'] ?? '') : element}
                names={names}
              />
            </span>
          ))}
        </div>
      );
    case 'actions':
    case 'context_actions':
      return <Actions {...props} />;
    case 'input':
      return <Input {...props} />;
    default:
      return <ByLibrary {...props} />;
  }
}

function Section({ block, names, isForm }: Props) {
  const accessory = block['accessory'];
  const place = { blockId: word(block['block_id']), isForm };
  return (
    <div className="section">
      <div className="grow">
        <Text value={block['text']} names={names} />
        <div className="fields">
          {objectsOf(block['fields']).map((field, index) => (
            <div key={index}>
              <Text value={field} names={names} />
            </div>
          ))}
        </div>
      </div>
      {isObject(accessory) && <InteractiveElement element={accessory} place={place} />}
    </div>
  );
}

function Actions({ block, isForm }: Props) {
  const place = { blockId: word(block['block_id']), isForm };
  return (
    <div className="actions">
      {objectsOf(block['elements']).map((element, index) => (
        <InteractiveElement key={index} element={element} place={place} />
      ))}
    </div>
  );
}

function Input({ block }: Props) {
  const element = block['element'];
  const blockId = word(block['block_id']);
  return (
    <label className="input">
      <span>
        <b>{textOf(block['label'])}</b> {block['optional'] === true && <small>(optional)</small>}
      </span>
      {isObject(element) && <InteractiveElement element={element} place={{ blockId, isForm: true }} />}
      <small>{textOf(block['hint'])}</small>
      <small className="error" data-error-of={blockId} />
    </label>
  );
}

/** Rich text, tables, cards, charts and the like. Buttons inside come after it, ours, because the library's do nothing. */
function ByLibrary({ block, names, isForm }: Props) {
  const { actions: _actions, ...drawn } = block;
  const place = { blockId: word(block['block_id']), isForm };
  const html = libraryHtml(drawn, names);
  const buttons = interactiveElements([block]).filter(({ element }) => element['type'] === 'button');
  return (
    <>
      {html === '' ? <div className="undrawn">[{word(block['type'])}]</div> : <RawHtml html={html} />}
      {buttons.length > 0 && (
        <div className="actions">
          {buttons.map(({ element, blockId }, index) => (
            <InteractiveElement key={index} element={element} place={{ ...place, blockId }} />
          ))}
        </div>
      )}
    </>
  );
}

/** Safe: it is React's own escaped output. */
const RawHtml = ({ html }: { html: string }) => <div dangerouslySetInnerHTML={{ __html: html }} />;

function libraryHtml(block: JsonObject, names: Names): string {
  const html = renderToStaticMarkup(
    <LibraryMessage
      blocks={[toLibraryBlock(block)]}
      logo=""
      name=""
      theme="light"
      withoutWrapper
      hooks={{
        user: ({ id }) => <span className="mention">@{names.user(id)}</span>,
        channel: ({ id }) => <span className="mention">#{names.channel(id)}</span>,
        usergroup: ({ id }) => <span className="mention">@{names.usergroup(id)}</span>,
        date: ({ timestamp, format, fallback }) => (
          <When timestamp={Number(timestamp)} format={format} fallback={fallback} />
        ),
      }}
    />,
  );
  const isBlank = !html.includes('block_wrapper');
  // The library gives every message the same id and blocks their author's ids: neither may reach the page.
  return isBlank ? '' : html.replace(/ id="[^"]*"/g, '');
}

/** The library's own block types cannot be told from JSON; it ignores what it does not know. */
const toLibraryBlock = (block: JsonObject) => block as unknown as Block;
