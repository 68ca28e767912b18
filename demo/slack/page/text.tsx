import { createElement, Fragment, type ReactNode } from 'react';
import { emojiText, parseMrkdwn, type Part, type Span } from '../mrkdwn.js';
import { mention, type Names } from '../names.js';
import { isObject, textOf, type Json } from '../types.js';

/** A text object, or bare mrkdwn, as Slack draws it. React escapes all that is text. */
export function Text({ value, names }: { value: Json | undefined; names: Names }): ReactNode {
  if (isObject(value) && value['type'] === 'plain_text') return <PlainText text={textOf(value)} />;
  return parseMrkdwn(textOf(value)).map((part, index) => <DrawnPart key={index} part={part} names={names} />);
}

/** No marks but emoji names. */
export function PlainText({ text }: { text: string }): ReactNode {
  return text.replace(/:([a-z][a-z0-9_+-]*):/g, (_whole, name: string) => emojiText(name));
}

function DrawnPart({ part, names }: { part: Part; names: Names }): ReactNode {
  const content = <Spans spans={part.spans} names={names} />;
  if (part.kind === 'fence') return <pre className="fence">{content}</pre>;
  if (part.kind === 'quote') return <blockquote>{content}</blockquote>;
  return <div className="lines">{content}</div>;
}

function Spans({ spans, names }: { spans: Span[]; names: Names }): ReactNode {
  return spans.map((span, index) => <Fragment key={index}>{drawSpan(span, names)}</Fragment>);
}

const MARKS = { bold: 'b', italic: 'i', strike: 's' };

function drawSpan(span: Span, names: Names): ReactNode {
  switch (span.kind) {
    case 'text':
      return span.text;
    case 'code':
      return <code>{span.text}</code>;
    case 'styled':
      return createElement(MARKS[span.style], null, <Spans spans={span.children} names={names} />);
    case 'link':
      return <Link url={span.url} label={span.label} />;
    case 'mention':
      return <span className="mention">{mention(span, names)}</span>;
    case 'broadcast':
      return <span className="mention loud">@{span.label}</span>;
    case 'date':
      return <When timestamp={span.timestamp} format={span.format} fallback={span.fallback} />;
    case 'emoji':
      return emojiText(span.name);
  }
}

/** Only addresses that cannot run anything become links. */
export function Link({ url, label }: { url: string; label: string }): ReactNode {
  if (!/^(https?|mailto):/i.test(url)) return label;
  return (
    <a href={url} target="_blank" rel="noreferrer noopener">
      {label}
    </a>
  );
}

/** The page's script writes it in the reader's zone; the fallback is what stands there without one. */
export function When({
  timestamp,
  format,
  fallback,
}: {
  timestamp: number;
  format: string;
  fallback: string;
}) {
  const at = new Date(timestamp * 1000);
  if (Number.isNaN(at.getTime())) return fallback;
  return (
    <time dateTime={at.toISOString()} data-format={format}>
      {fallback || at.toISOString().slice(0, 16).replace('T', ' ')}
    </time>
  );
}
