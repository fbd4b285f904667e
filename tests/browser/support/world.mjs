// What the cases of a suite share: one site and one browser, which end with it.
import { launchBrowser } from './browser.mjs';
import { Site } from './site.mjs';

/** Calls `use` with { browser, site }. */
export async function withWorld(use) {
  const site = await Site.start();
  const browser = await launchBrowser();
  try {
    await use({ browser, site });
  } finally {
    await browser.close();
    await site.stop();
  }
}
