// Every page there is, and how a visitor comes to it.

const kBounce = 'Reporting-MTA: dns; mail.example.net\nDiagnostic-Code: smtp; 554 5.7.1 Service unavailable';
const kQuestionsMax = 1000; // far more than a network may ask at once
const kDrawnWithinMs = 20_000;

/** Fills in the form that is open. */
export async function fillIn(page, filled = {}) {
  const { kind = 'removal', subject = '192.0.2.7', contact = 'postmaster@example.net', done = '', bounce = kBounce } = filled;
  await page.check(`#kind-${kind}`);
  await page.fill('#subject', subject);
  await page.fill('#contact', contact);
  await page.fill('#done', done);
  await page.fill('#bounce', bounce);
}

/** Sends it, and returns the answer behind all redirects once it is shown. */
export async function send(page) {
  const [response] = await Promise.all([page.waitForNavigation(), page.click('form[method=post] button')]);
  return response;
}

function get(name, target, status = 200) {
  return { name, status, open: async (page, site) => page.goto(site.origin + target) };
}

function why(name, query) {
  return get(`why-${name}`, `/why/${encodeURIComponent(query)}`);
}

/** Files a request and, where it is to be decided, does that. */
async function file(page, site, subject, decide) {
  await page.goto(`${site.origin}/request`);
  await fillIn(page, { subject, kind: 'allow' });
  await send(page);
  if (decide) {
    const open = JSON.parse(site.tool(['request', 'list', '--json'])).filter((request) => request.subject === subject);
    site.tool(['request', decide, String(open.at(-1).id), '--reason', 'We have looked at it ourselves & thank you']);
  }
  return page.reload();
}

/** Asks until the network has no question left. It gets one more every second. */
async function askTooOften(page, site) {
  for (let asked = 0; asked < kQuestionsMax; ++asked) {
    const answer = await page.request.get(`${site.origin}/api/v1/why/192.0.2.7`);
    if (answer.status() === 429) {
      const shown = await page.goto(`${site.origin}/why/192.0.2.7`);
      if (shown.status() === 429) {
        return shown;
      }
    }
  }
  throw new Error(`${kQuestionsMax} questions of one network are answered`);
}

/** With a request that waits, and the map, which is drawn behind the first look at it. */
async function openOperatorPage(page, site, language) {
  await file(page, site, '203.0.113.130');
  let shown;
  const end = Date.now() + kDrawnWithinMs;
  do {
    shown = await page.goto(`${site.operator}/status?lang=${language}`);
  } while (await page.locator('img').count() === 0 && Date.now() < end);
  return shown;
}

export const pages = [
  get('home', '/'),
  get('search-of-nothing', '/search?q=', 400),
  { name: 'search', status: 200, open: async (page, site) => {
    await page.goto(site.origin);
    await page.fill('#q', ' 192.0.2.7 ');
    await page.press('#q', 'Enter');
    await page.waitForURL('**/why/192.0.2.7');
    return page.reload();
  } },
  why('ip', '192.0.2.7'),
  why('ip-for-a-time', '192.0.2.9'),
  why('isp', '198.51.100.9'),
  why('domain', 'mail.spam.example'),
  why('country', '203.0.113.130'),
  why('dynamic', '7.adsl.example.net'),
  why('misconfigured', '203.0.113.77'),
  why('email', 'user@example.com'),
  why('feed', '192.0.2.200'),
  why('wider', '192.0.2.66'),
  why('allowed', '192.0.2.65'),
  why('not-listed', '2001:db8::25'),
  why('repeated', '192.0.2.16'),
  get('why-of-nonsense', `/why/${encodeURIComponent('no such thing')}`, 400),
  { name: 'check', status: 200, open: async (page, site) => {
    await page.goto(`${site.origin}/why/203.0.113.77`);
    return send(page);
  } },
  get('request', '/request?kind=removal&subject=192.0.2.7'),
  { name: 'request-with-mistakes', status: 422, open: async (page, site) => {
    await page.goto(`${site.origin}/request`);
    await fillIn(page, { subject: '203.0.113.1' });
    return send(page);
  } },
  { name: 'filed', status: 200, open: (page, site) => file(page, site, '192.0.2.7') },
  { name: 'accepted', status: 200, open: (page, site, language) => file(page, site, `${language}.spam.example`, 'accept') },
  { name: 'declined', status: 200, open: (page, site) => file(page, site, '198.51.100.9', 'decline') },
  get('no-such-request', '/request/7K2M-9QXD-4TRB-0ZWE', 404),
  get('policy', '/policy'),
  get('no-such-page', '/nothing', 404),
  get('wrong-method', '/check', 405),
  get('too-long', `/${'x'.repeat(3000)}`, 414),
  { name: 'operator', status: 200, open: openOperatorPage },
  { name: 'unavailable', status: 503, open: (page, site) => site.withoutDatabase(() => page.goto(`${site.origin}/why/192.0.2.7`)) },
  { name: 'too-often', status: 429, open: askTooOften },
];
