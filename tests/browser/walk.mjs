// What a refused sender does in the browser, for walk_test.cpp, which has the rest of the world:
//   walk.mjs can            whether there is a browser; the exit status is 77 where there is none
//   walk.mjs ask BOUNCE     opens the link of the bounce and asks for removal; prints where its state is shown, and that page
//   walk.mjs look ADDRESS   prints a page
import { launchBrowser, newVisitor, watch, whyNoBrowser } from './support/browser.mjs';
import { fillIn, send } from './support/pages.mjs';
import { Findings } from './support/runner.mjs';

const kSkipped = 77;
const kOrigin = 'https://bl.example.org';

const [deed, given] = process.argv.slice(2);

function main(page) {
  return page.innerText('main');
}

async function ask(page, bounce, findings) {
  await page.goto(/https:\/\/\S+/.exec(bounce)[0]);
  const why = await main(page);
  for (const said of ['192.0.2.7 is blocked', 'Blocked by its address', 'Spam to our traps since Monday', 'What to do']) {
    findings.expect(why.includes(said), `the page behind the link does not say "${said}": ${why}`);
  }
  await page.click('text=Ask for removal >> visible=true >> nth=-1');
  await page.waitForURL('**/request?**');
  findings.equal(await page.inputValue('#subject'), '192.0.2.7', 'the subject that is filled in');
  await fillIn(page, { contact: 'postmaster@example.com', done: 'The relay is closed.', bounce });
  await send(page);
  findings.expect(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/.test(await main(page)), 'there is no reference');
}

const why = whyNoBrowser();
if (why || deed === 'can') {
  console.log(why);
  process.exit(why ? kSkipped : 0);
}
const findings = new Findings();
const browser = await launchBrowser();
try {
  const visitor = await newVisitor(browser, { extraHTTPHeaders: {} });
  const page = await visitor.newPage();
  watch(page, [kOrigin], (what) => findings.say(what));
  await (deed === 'ask' ? ask(page, given, findings) : page.goto(given));
  console.log(`${page.url()}\n${await main(page)}`);
} finally {
  await browser.close();
}
findings.throwIfAny();
