import { endLoad, startLoad } from '../faults/load.js';
import { runNodeShop } from '../faults/node-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';

/** Two things that the shop can do without, and says so each time: recommendations for a page, letters of a job. */
const JOBS = `const net = require('node:net');
const sendLetters = () => {
  const mail = net.connect(25, '127.0.0.1');
  mail.on('error', (error) => log.error(error, 'newsletter not sent, will retry')).on('connect', () => mail.end());
};

async function recommendations() {
  cache.on('error', () => {});
  try {
    return await getJson(http, 'http://payments.lab.test:8099/recommendations', 1000);
  } catch (error) {
    log.error(error, 'recommendations unavailable, page goes without');
    return [];
  }
}

async function main() {
  setInterval(sendLetters, 700);`;

export default defineScenario({
  fault:
    'A shop of Node.js logs an error for each page and each letter: recommendations are gone, no mail server listens, a listener leaks; scanners ask for pages that it never had. All pages are served.',
  because:
    'The log is full of ECONNREFUSED at level 50 with stacks, of MaxListenersExceededWarning and of 404, and each page of the shop is a 200 within a moment. What is refused is handled: the page goes without recommendations, and the letter is tried again.',
  service: 'shop',
  users: [200],
  settleSeconds: 10,
  inject: async (lab) => {
    await runNodeShop(lab, [
      [
        '  return { orders: rows[0].orders,',
        '  await recommendations();\n  return { orders: rows[0].orders,',
      ],
      ['async function main() {', JOBS],
    ]);
    startLoad('http://shop.lab.test/', 4, 300);
    startLoad('http://shop.lab.test/wp-login.php', 2, 400);
  },
  heal: (lab) => {
    endLoad();
    lab.web.forEach(endOtherShop);
  },
  expect: { status: 'healthy', cause: null },
});
