/** Where alert webhooks are sent to, with the source behind it. Apart from the router, so that the command line needs no web server. */
export const ALERTS_PATH = '/alerts';
