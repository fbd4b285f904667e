// Whoever has no mouse comes everywhere, sees where they are, and can send both forms.
import { newVisitor, whyNoBrowser } from './support/browser.mjs';
import { pages } from './support/pages.mjs';
import { Findings, runCases, skip, test } from './support/runner.mjs';
import { withWorld } from './support/world.mjs';

const kSuite = 'BrowserKeyboard';
const kTabsMax = 60;
const kReached = ['home', 'why-ip', 'why-feed', 'why-misconfigured', 'check', 'request', 'request-with-mistakes', 'filed', 'policy',
  'no-such-page', 'operator'];

const why = whyNoBrowser();
if (why) {
  skip(kSuite, why);
}

/** What has the focus, and how it shows. */
function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) {
      return null;
    }
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
      html: element.outerHTML.slice(0, 200),
      number: [...document.querySelectorAll('*')].indexOf(element),
      isMarked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      isSeen: box.width > 0 && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
    };
  });
}

/** All that the Tab key comes to, in its order. */
async function tabThrough(page) {
  const stops = [];
  for (let i = 0; i < kTabsMax; ++i) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    if (stop === null || stops.some((known) => known.number === stop.number)) {
      return stops;
    }
    stops.push(stop);
  }
  throw new Error(`after ${kTabsMax} tabs it goes on`);
}

async function reach({ browser, site }, entry) {
  const findings = new Findings();
  const visitor = await newVisitor(browser);
  const page = await visitor.newPage();
  await entry.open(page, site, 'en');
  const wanted = await page.evaluate(() => {
    const all = [...document.querySelectorAll('*')];
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea')].filter((element) => {
      const isSecondOfGroup = element.type === 'radio' && !element.checked; // the arrow keys lead there
      return !isSecondOfGroup && element.tabIndex >= 0;
    }).map((element) => ({ number: all.indexOf(element), html: element.outerHTML.slice(0, 200) }));
  });
  const stops = await tabThrough(page);
  for (const { number, html } of wanted) {
    findings.expect(stops.some((stop) => stop.number === number), `the Tab key does not come to ${html}`);
  }
  for (const { html, isMarked, isSeen } of stops) {
    findings.expect(isMarked, `nothing shows that the focus is on ${html}`);
    findings.expect(isSeen, `out of sight with the focus: ${html}`);
  }
  findings.equal(stops.map((stop) => stop.number), stops.map((stop) => stop.number).sort((a, b) => a - b), 'the order of the tabs');
  await visitor.close();
  findings.throwIfAny();
}

for (const entry of pages.filter(({ name }) => kReached.includes(name))) {
  test(`reaches-all-of-${entry.name}`, (world) => reach(world, entry));
}

test('skips-to-the-content', async ({ browser, site }) => {
  const findings = new Findings();
  const visitor = await newVisitor(browser);
  const page = await visitor.newPage();
  await page.goto(`${site.origin}/why/192.0.2.7`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const isInside = await page.evaluate(() => document.querySelector('main').contains(document.activeElement));
  findings.expect(isInside, `the first stop behind the skip link is ${(await focused(page))?.html}`);
  await visitor.close();
  findings.throwIfAny();
});

/** Presses Tab until the element has the focus. */
async function tabTo(page, selector) {
  for (let i = 0; i < kTabsMax; ++i) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) {
      return;
    }
  }
  throw new Error(`the Tab key does not come to ${selector}`);
}

test('looks-up-and-files-a-request', async ({ browser, site }) => {
  const visitor = await newVisitor(browser);
  const page = await visitor.newPage();
  await page.goto(site.origin);
  await tabTo(page, '#q');
  await page.keyboard.type('192.0.2.7');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/why/192.0.2.7');
  await tabTo(page, 'a[href*="kind=removal"]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/request?**');
  await tabTo(page, '#kind-removal');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await tabTo(page, '#contact');
  await page.keyboard.type('postmaster@example.net');
  await tabTo(page, '#done');
  await page.keyboard.type('The relay is closed.');
  await tabTo(page, 'form[method=post] button');
  await page.keyboard.press('Space');
  await page.waitForURL('**/request/*-*');
  await visitor.close();
});

await withWorld((world) => runCases(kSuite, world));
