import { z } from 'zod';
import { RunDocument } from './verdict.js';

/** One episode of trouble of one service: one Slack thread. */
export const Incident = z.object({
  id: z.uuid(),
  service: z.string(),
  /** Channel id or name where its thread lives. */
  channel: z.string(),
  openedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
});
export type Incident = z.infer<typeof Incident>;

/** The news for which an alert is given a run; nothing else is. `resolved` confirms the end. */
export const RunReason = z.enum([
  'first-alert',
  'severity-raised',
  'still-firing',
  'remediation-tried',
  'resolved',
]);
export type RunReason = z.infer<typeof RunReason>;

/** Who or what asked: a Slack user id with `slash` and `again`, and with `verify`, which looks whether a change helped. */
export const RunOrigin = z.object({
  kind: z.enum(['slash', 'again', 'alert', 'verify']),
  user: z.string().nullable(),
  /** Of kind `alert`: which one, as its source calls it, and what was new. */
  alert: z.object({ title: z.string(), source: z.string(), reason: RunReason }).optional(),
});
export type RunOrigin = z.infer<typeof RunOrigin>;

/** What the headline shows while facts come in. */
export const Progress = z.object({
  hosts: z.int().nonnegative(),
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
  /** Which look at all of it, where it is not the first. */
  look: z.int().min(2).optional(),
});
export type Progress = z.infer<typeof Progress>;

/**
 * `refused` is a request that could not be put on the queue: its asker was told so, and no worker may run it.
 * `failed` is a run that ended without a document; `error` says why.
 */
export const RunState = z.enum(['queued', 'running', 'finished', 'failed', 'refused']);
export type RunState = z.infer<typeof RunState>;

/** One pass of the pipeline. */
export const Run = z.object({
  id: z.uuid(),
  incidentId: z.uuid(),
  service: z.string(),
  state: RunState,
  origin: RunOrigin,
  progress: Progress.nullable(),
  requestedAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  document: RunDocument.nullable(),
  error: z.string().nullable(),
});
export type Run = z.infer<typeof Run>;

/**
 * `headline` edits itself in the channel (one per incident); `verdict` and `evidence` are replies in its thread (per
 * run), and so is `remediation`, which edits itself from the request to the outcome (one per remediation), and
 * `flapping`, which is said once of an incident. `storm` (one for many incidents) and `unmatched` stand in a channel
 * without an incident.
 */
export const MessageKind = z.enum([
  'headline',
  'verdict',
  'evidence',
  'remediation',
  'flapping',
  'storm',
  'unmatched',
]);
export type MessageKind = z.infer<typeof MessageKind>;

/** A row of the outbox. Its text is drawn from its run at the moment of posting, so late edits coalesce. */
export const Message = z.object({
  id: z.uuid(),
  /** Null of a `storm` and of what matched nothing. */
  incidentId: z.uuid().nullable(),
  /** The run that it shows; the headline shows the incident's newest. */
  runId: z.uuid().nullable(),
  kind: MessageKind,
  /** Of kind `storm`: which one it shows. */
  stormId: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
  /** Of kind `remediation`: which one it shows. */
  remediationId: z.uuid().nullable(),
  channel: z.string(),
  /** Raised on every change of what it shows. */
  revision: z.int().nonnegative(),
  /** The revision that Slack has; null before the first post. */
  postedRevision: z.int().nonnegative().nullable(),
  /** The channel's id as Slack answered it, needed to edit. */
  postedChannel: z.string().nullable(),
  ts: z.string().nullable(),
  /** Posting attempts that began since it was last posted. After the first, a post looks in Slack for itself before it posts again. */
  attempts: z.int().nonnegative(),
  lastPostedAt: z.iso.datetime().nullable(),
  error: z.string().nullable(),
});
export type Message = z.infer<typeof Message>;
