// Runs the cases of one file, one after the other, and prints what became of them in the manner of googletest, which the
// summary of tools/test reads.

const kSkipped = 77;
const cases = [];

/** Adds a case. It fails by throwing. */
export function test(name, run) {
  cases.push({ name, run });
}

/** Ends the file without having tested anything, and says why. */
export function skip(suite, why) {
  console.log(`[ RUN      ] ${suite}\n  ${why}\n[  SKIPPED ] ${suite}`);
  process.exit(kSkipped);
}

/** Collects what is wrong, so that one look shows all of it. */
export class Findings {
  #said = [];

  say(what) {
    this.#said.push(what);
  }

  expect(isSo, what) {
    if (!isSo) {
      this.say(what);
    }
  }

  equal(actual, expected, what) {
    const said = [actual, expected].map((value) => JSON.stringify(value));
    this.expect(said[0] === said[1], `${what}: ${said[0]} instead of ${said[1]}`);
  }

  throwIfAny() {
    if (this.#said.length > 0) {
      throw new Error(`${this.#said.length} findings:\n  ${this.#said.join('\n  ')}`);
    }
  }
}

/** Runs all cases, or those that the first argument is a part of; the exit status is not 0 where one failed. */
export async function runCases(suite, ...given) {
  let failed = 0;
  const chosen = cases.filter(({ name }) => name.includes(process.argv[2] ?? ''));
  for (const { name, run } of chosen) {
    const start = Date.now();
    console.log(`[ RUN      ] ${suite}.${name}`);
    try {
      await run(...given);
      console.log(`[       OK ] ${suite}.${name} (${Date.now() - start} ms)`);
    } catch (error) {
      ++failed;
      console.log(`${error.stack}\n[  FAILED  ] ${suite}.${name} (${Date.now() - start} ms)`);
    }
  }
  if (chosen.length === 0) {
    console.log(`no case of ${suite} has "${process.argv[2]}" in its name`);
  }
  process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0;
}
