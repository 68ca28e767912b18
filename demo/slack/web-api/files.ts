import { z } from 'zod';
import { word } from '../types.js';
import { wireFile } from '../wire.js';
import { writableChannel } from './access.js';
import { defineMethod, id, jsonList, SlackRefusal, type Method } from './define-method.js';

const MIME_TYPES: Record<string, string> = {
  txt: 'text/plain',
  log: 'text/plain',
  json: 'application/json',
  md: 'text/plain',
  csv: 'text/csv',
  png: 'image/png',
  jpg: 'image/jpeg',
  svg: 'image/svg+xml',
};

const getUploadUrl = defineMethod({
  scope: 'files:write',
  arguments: z.object({ filename: id, length: z.coerce.number().int().positive() }),
  run: ({ workspace, baseUrl }, args) => {
    const fileId = workspace.newId('F');
    const extension = args.filename.split('.').at(-1)?.toLowerCase() ?? '';
    workspace.files.set(fileId, {
      id: fileId,
      name: args.filename,
      title: args.filename,
      mimeType: MIME_TYPES[extension] ?? 'application/octet-stream',
      user: workspace.app.botUserId,
      created: Math.floor(Date.now() / 1000),
      content: Buffer.alloc(0),
      shares: [],
    });
    return { upload_url: `${baseUrl}/upload/${fileId}`, file_id: fileId };
  },
});

const completeUpload = defineMethod({
  scope: 'files:write',
  arguments: z.object({
    files: jsonList.min(1),
    channel_id: id.optional(),
    thread_ts: id.optional(),
    initial_comment: z.string().default(''),
  }),
  run: (call, args) => {
    const { workspace } = call;
    const files = args.files.map(({ id: fileId, title }) => {
      const file = workspace.files.get(word(fileId));
      if (!file || file.content.length === 0) throw new SlackRefusal('file_not_found');
      if (typeof title === 'string') file.title = title;
      return file;
    });
    if (args.channel_id) {
      const channel = writableChannel(call, args.channel_id);
      const message = workspace.addMessage({
        channel: channel.id,
        user: workspace.app.botUserId,
        text: args.initial_comment,
        threadTs: args.thread_ts ?? null,
        files: files.map((file) => file.id),
      });
      for (const file of files) file.shares.push({ channel: channel.id, ts: message.ts });
    }
    return { files: files.map((file) => wireFile(file, call.baseUrl)) };
  },
});

const info = defineMethod({
  scope: 'files:read',
  arguments: z.object({ file: id }),
  run: ({ workspace, baseUrl }, args) => {
    const file = workspace.files.get(args.file);
    if (!file) throw new SlackRefusal('file_not_found');
    return { file: wireFile(file, baseUrl) };
  },
});

export const files: Record<string, Method> = {
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': completeUpload,
  'files.info': info,
};
