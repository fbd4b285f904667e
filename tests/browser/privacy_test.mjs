// What a visit leaves in the browser, and what other sites can have a visitor do.
import http from 'node:http';

import { newVisitor, whyNoBrowser } from './support/browser.mjs';
import { fillIn, pages, send } from './support/pages.mjs';
import { Findings, runCases, skip, test } from './support/runner.mjs';
import { withWorld } from './support/world.mjs';

const kSuite = 'BrowserPrivacy';
const kWithForm = ['request', 'request-with-mistakes', 'filed', 'accepted', 'declined', 'operator'];

const why = whyNoBrowser();
if (why) {
  skip(kSuite, why);
}

test('sets-no-cookie-without-a-form', async ({ browser, site }) => {
  const findings = new Findings();
  const visitor = await newVisitor(browser);
  const page = await visitor.newPage();
  for (const entry of pages.filter(({ name }) => !kWithForm.includes(name))) {
    await entry.open(page, site, 'en');
    findings.equal(await visitor.cookies(), [], `${entry.name}: its cookies`);
  }
  await visitor.close();
  findings.throwIfAny();
});

test('sets-one-cookie-for-a-form', async ({ browser, site }) => {
  const findings = new Findings();
  const visitor = await newVisitor(browser);
  const page = await visitor.newPage();
  await page.goto(`${site.origin}/request`);
  const cookies = await visitor.cookies();
  const withoutValues = cookies.map(({ value, ...rest }) => rest);
  findings.equal(withoutValues,
    [{ name: 'ostrakon', domain: '127.0.0.1', path: '/', expires: -1, httpOnly: true, secure: true, sameSite: 'Strict' }], 'the cookies');
  await fillIn(page);
  await send(page);
  await page.goto(`${site.origin}/request`);
  findings.equal((await visitor.cookies()).map(({ value }) => value), cookies.map(({ value }) => value), 'the cookie of a second form');
  const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length]);
  findings.equal(kept, [0, 0], 'what the browser stores besides');
  await visitor.close();
  findings.throwIfAny();
});

/** Another site of the same machine, so that nothing but our own rules is between the two: what `page()` returns. */
async function startOtherSite(page) {
  const server = http.createServer((request, response) => response.setHeader('Content-Type', 'text/html').end(page()));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://localhost:${server.address().port}/`, stop: () => server.closeAllConnections() ?? server.close() };
}

/** A page of another site that sends a form to ours, with the token of whoever made that page. */
function trap(site, token) {
  const fields = { kind: 'removal', subject: '192.0.2.7', contact: 'evil@example.net', done: 'nothing', token };
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
  return `<!DOCTYPE html><form method="post" action="${site.origin}/request">${inputs.join('')}<button>Win</button></form>`;
}

test('refuses-forms-of-other-sites', async ({ browser, site }) => {
  const findings = new Findings();
  const waiting = () => site.tool(['request', 'list']);
  const before = waiting();
  const attacker = await newVisitor(browser);
  const theirs = await attacker.newPage();
  await theirs.goto(`${site.origin}/request`);
  const stolen = await theirs.inputValue('input[name=token]');
  const visitor = await newVisitor(browser);
  const page = await visitor.newPage();
  await page.goto(`${site.origin}/request`);
  const own = await page.inputValue('input[name=token]');
  let token = '';
  const other = await startOtherSite(() => trap(site, token));
  for (const [whose, known] of Object.entries({ nobody: '', attacker: stolen, visitor: own })) {
    token = known;
    await page.goto(other.address);
    const response = await send(page);
    findings.equal(response.status(), 422, `a form of another site with the token of ${whose}`);
  }
  other.stop();
  findings.equal(waiting(), before, 'the requests that wait');
  await Promise.all([attacker.close(), visitor.close()]);
  findings.throwIfAny();
});

test('is-shown-in-no-frame', async ({ browser, site }) => {
  const findings = new Findings();
  const visitor = await newVisitor(browser);
  const page = await visitor.newPage();
  const other = await startOtherSite(() => `<iframe src="${site.origin}/request"></iframe>`);
  await page.goto(other.address); // and until the frame is loaded, or refused
  const shown = await page.frameLocator('iframe').locator('form').count();
  findings.equal(shown, 0, 'forms that are shown in a frame of another site');
  other.stop();
  await visitor.close();
  findings.throwIfAny();
});

await withWorld((world) => runCases(kSuite, world));
