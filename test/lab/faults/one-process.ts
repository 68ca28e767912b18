/** Settings by which the shop is one process without a master: what kills it ends the unit. */
export const oneProcess = (...more: readonly string[]): string[] => [
  '[Service]',
  'ExecStart=',
  `ExecStart=/usr/bin/python3 -c "from wsgiref.simple_server import make_server; from app import application; make_server('127.0.0.1', 8000, application).serve_forever()"`,
  ...more,
];
