// Whatever anybody writes stays text: the page is built the same as for a harmless word, with scripts allowed and the
// Content-Security-Policy, the second line behind the escaping, put aside.
import { fromNewNetwork, newVisitor, watch, whyNoBrowser } from './support/browser.mjs';
import { fillIn, send } from './support/pages.mjs';
import { Findings, runCases, skip, test } from './support/runner.mjs';
import { withWorld } from './support/world.mjs';

const kSuite = 'BrowserHostileText';
const kHarmless = 'a harmless word';
const kHostile = [
  '<script>alert(1)</script> <a href="javascript:alert(1)">javascript:alert(1)</a>',
  '"><img src=x onerror=alert(1)> " autofocus onfocus=alert(1) x="',
  "'><svg/onload=alert(1)> '; DROP TABLE listings; --",
  '</textarea></title><script>alert(1)</script><iframe srcdoc="<script>alert(1)</script>">',
  '%3Cscript%3Ealert(1)%3C/script%3E &lt;script&gt; {subject} {query} ${7*7} {{7*7}}',
  '<!-- <meta http-equiv=refresh content="0;url=https://example.net/"> <base href=https://example.net/>',
];

const why = whyNoBrowser();
if (why) {
  skip(kSuite, why);
}

/** The document without its texts: elements with their attributes' names, and where links and forms lead, but for what was asked. */
function skeleton(page) {
  return page.evaluate(() => [...document.querySelectorAll('*')].map((element) => {
    const names = element.getAttributeNames().join(' ');
    const target = element.getAttribute('href') ?? element.getAttribute('action') ?? '';
    const leads = element.hasAttribute('hreflang') ? '' : target.split(/[?:]|\/why\//)[0];
    return `<${element.tagName} ${names} ${leads}>`;
  }).join('\n'));
}

/** Compares what each hostile text makes of a page with what the harmless one does. */
async function compare({ browser, site }, open, isShown = async () => true) {
  const findings = new Findings();
  const visitor = await newVisitor(browser, { javaScriptEnabled: true, bypassCSP: true });
  const page = await visitor.newPage();
  watch(page, [site.origin, site.operator], (what) => findings.say(what));
  const show = async (words) => {
    await open(page, site, words);
    findings.expect(await isShown(page, words), `${words} is not shown as it is`);
    return skeleton(page);
  };
  const expected = await show(kHarmless);
  for (const words of kHostile) {
    const actual = await show(words);
    findings.expect(actual === expected, `${words} changes the page: ${actual.split('\n').filter((line) => !expected.includes(line)).join(' ')}`);
  }
  await visitor.close();
  findings.throwIfAny();
}

const shownInBody = (page, words) => page.evaluate((said) => document.body.innerText.replace(/\s+/g, ' ').includes(said), words);
const shownIn = (...fields) => async (page, words) => {
  const values = await Promise.all(fields.map((field) => page.inputValue(`#${field}`)));
  return values.every((value) => value === words);
};

test('asked-for', (world) => compare(world, (page, site, words) => page.goto(`${site.origin}/why/${encodeURIComponent(words)}`), shownInBody));

test('searched', (world) => compare(world, async (page, site, words) => {
  await page.goto(site.origin);
  await page.fill('#q', words);
  await page.press('#q', 'Enter');
  await page.waitForURL('**/why/**');
}, shownInBody));

test('filled-in-by-a-link', (world) => compare(world, (page, site, words) => {
  const fields = ['kind', 'subject', 'contact', 'done', 'bounce', 'token', 'website', 'lang'].map((name) => `${name}=${encodeURIComponent(words)}`);
  return page.goto(`${site.origin}/request?${fields.join('&')}`);
}, shownIn('subject', 'contact', 'done', 'bounce')));

test('sent', (world) => compare(world, async (page, site, words) => {
  await page.goto(`${site.origin}/request`);
  await fillIn(page, { subject: words, contact: words, done: words, bounce: words });
  await send(page);
}, shownIn('subject', 'contact', 'done', 'bounce')));

test('as-a-reference', (world) => compare(world, (page, site, words) => page.goto(`${site.origin}/request/${encodeURIComponent(words)}`)));

test('as-a-path', (world) => compare(world, (page, site, words) => {
  const encoded = encodeURIComponent(words);
  return page.goto(`${site.origin}/${encoded}?${encoded}`);
}));

test('in-headers', (world) => compare(world, async (page, site, words) => {
  await page.setExtraHTTPHeaders({ 'Accept-Language': words, 'X-Forwarded-For': words, Referer: words, Cookie: `ostrakon=${words}` });
  await page.goto(`${site.origin}/request`);
}));

// What was written where a ban, a removal or an exception is decided.
test('reasons', (world) => compare(world, async (page, site, words) => {
  site.tool(['ban', '192.0.2.9', '--reason', words]);
  await page.goto(`${site.origin}/why/192.0.2.9`);
}, shownInBody));

test('reasons-of-feeds', (world) => compare(world, async (page, site, words) => {
  site.tool(['import', '-', '--format', 'csv', '--source', 'spamhaus-drop', '--replace'],
    `subject,reason\n192.0.2.200,"${words.replaceAll('"', '""')}"\n`);
  await page.goto(`${site.origin}/why/192.0.2.200`);
}, shownInBody));

test('answers-to-requests', (world) => compare(world, async (page, site, words) => {
  await page.setExtraHTTPHeaders(fromNewNetwork());
  await page.goto(`${site.origin}/request`);
  await fillIn(page, { subject: '192.0.2.7' });
  await send(page);
  const open = JSON.parse(site.tool(['request', 'list', '--json']));
  site.tool(['request', 'decline', String(open.at(-1).id), '--reason', words]);
  await page.reload();
}, shownInBody));

// What strangers write is read by the operator, too: one card a request, each built as that of the harmless one.
test('on-the-page-of-the-operator', async ({ browser, site }) => {
  const findings = new Findings();
  const visitor = await newVisitor(browser, { javaScriptEnabled: true, bypassCSP: true });
  const page = await visitor.newPage();
  watch(page, [site.origin, site.operator], (what) => findings.say(what));
  const all = [kHarmless, ...kHostile];
  for (const words of all) {
    await page.setExtraHTTPHeaders(fromNewNetwork());
    await page.goto(`${site.origin}/request`);
    await fillIn(page, { subject: '192.0.2.7', contact: words, done: words, bounce: words });
    await send(page);
  }
  await page.goto(`${site.operator}/status`);
  const cards = await page.locator('#requests .card').evaluateAll((shown) => shown.map((card) => ({
    said: card.textContent,
    shape: [...card.querySelectorAll('*')].map((element) => `<${element.tagName} ${element.getAttributeNames().join(' ')}>`).join('\n'),
  })));
  findings.equal(cards.length, all.length, 'the cards of requests');
  const harmless = cards.find(({ said }) => said.includes(kHarmless));
  for (const words of all) {
    const card = cards.find(({ said }) => said.split(words).length === 4);
    findings.expect(card !== undefined, `${words} is not shown as it is`);
    findings.equal(card?.shape, harmless?.shape, `what ${words} makes of its card`);
  }
  await visitor.close();
  findings.throwIfAny();
});

await withWorld((world) => runCases(kSuite, world));
