import express, { type Router } from 'express';
import type { Workspace } from './workspace.js';

/** `POST /upload/<file id>` takes the bytes (multipart or raw), `GET /files/<id>/<name>` gives them back. */
export function uploadRouter(workspace: Workspace): Router {
  const router = express.Router();
  router.post('/upload/:id', express.raw({ type: () => true, limit: '50mb' }), (request, response) => {
    const file = workspace.files.get(request.params.id);
    if (!file) return void response.status(404).send('file not found');
    const body: unknown = request.body;
    file.content = readContent(Buffer.isBuffer(body) ? body : Buffer.alloc(0), request.get('content-type'));
    response.send(`OK - ${file.content.length}`);
  });
  router.get('/files/:id/:name', (request, response) => {
    const file = workspace.files.get(request.params.id);
    if (!file) return void response.status(404).send('file not found');
    // Only pictures are shown in place: anything else could be a page with scripts.
    const isPicture = /^image\/(png|jpeg)$/.test(file.mimeType);
    response
      .set('content-disposition', isPicture ? 'inline' : 'attachment')
      .set('x-content-type-options', 'nosniff')
      .type(file.mimeType)
      .send(file.content);
  });
  return router;
}

/** The one part of the form that the Web API client sends: between its headers and the closing boundary. */
function readContent(body: Buffer, contentType = ''): Buffer {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/.exec(contentType)?.[1];
  if (boundary === undefined) return body;
  const start = body.indexOf('\r\n\r\n') + 4;
  return body.subarray(start, body.indexOf(`\r\n--${boundary}`, start));
}
