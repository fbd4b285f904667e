// A site of its own: configuration, database with one decision of each kind, ostrakond, and ostrakon-web serving it.
import { execFileSync, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const kPrograms = process.env.OSTRAKON_PROGRAMS ?? path.resolve(path.dirname(new URL(import.meta.url).pathname), '../../../build/dev/bin');
const kReadyWithinMs = 20_000;

const kConfiguration = (directory, resolver) => `
[database]
path = "${directory}/db"
size = "256MiB"
[server]
listen = ["127.0.0.1:0"]
user = "${os.userInfo().username}"
control = "${directory}/control"
[web]
listen = "127.0.0.1:0"
status = "127.0.0.1:0"
url = "https://bl.example.org"
[lifecycle]
evidence_to_lift = false
[diagnose]
resolver = "${resolver}"
[[feed]]
name = "spamhaus-drop"
removal = "https://drop.example.com/removal"
`;

const kZone = (origin, more) => `
origin = "${origin}"
ns = ["ns1.example.net"]
contact = "hostmaster@example.org"
${more}
`;

/** A name server that knows no name. */
async function startEmptyResolver() {
  const socket = dgram.createSocket('udp4');
  socket.on('message', (query, client) => {
    const answer = Buffer.from(query);
    answer.writeUInt16BE(0x8583, 2); // an answer, recursion, NXDOMAIN
    socket.send(answer, client.port, client.address);
  });
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket;
}

/** A program that runs until it is stopped, or until this process ends, however that ends. */
class Server {
  #process;
  #name;
  #said = '';

  constructor(name, configuration) {
    this.#name = name;
    const command = ['--pdeathsig', 'KILL', path.join(kPrograms, name), '--config', configuration];
    this.#process = spawn('setpriv', command, { stdio: ['ignore', 'ignore', 'pipe'] });
  }

  /** Waits until it has said this; returns what the expression finds. */
  async says(expression) {
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => reject(new Error(`${this.#name} is not ready: ${this.#said}`)), kReadyWithinMs);
      this.#process.stderr.on('data', (bytes) => {
        this.#said += bytes;
        const found = expression.exec(this.#said);
        if (found) {
          clearTimeout(tooLate);
          resolve(found);
        }
      });
      this.#process.on('error', reject);
      this.#process.on('exit', (status) => reject(new Error(`${this.#name} ended with ${status}: ${this.#said}`)));
    });
  }

  async stop() {
    const ended = new Promise((resolve) => this.#process.once('exit', (status, signal) => resolve(status ?? signal)));
    this.#process.kill('SIGTERM');
    const status = await ended;
    if (status !== 0) {
      throw new Error(`${this.#name} ended with ${status}: ${this.#said}`);
    }
  }
}

export class Site {
  #servers = [];
  #resolver;

  static async start() {
    const site = new Site();
    site.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'ostrakon-browser-'));
    site.#resolver = await startEmptyResolver();
    fs.mkdirSync(path.join(site.directory, 'db'));
    fs.mkdirSync(path.join(site.directory, 'zones'));
    site.write('ostrakon.toml', kConfiguration(site.directory, `127.0.0.1:${site.#resolver.address().port}`));
    site.write('zones/bl.toml', kZone('bl.example.org', 'sources = ["own", "*"]'));
    site.write('zones/wl.toml', kZone('wl.example.org', 'classes = ["allow"]'));
    site.decide();
    await site.#serve();
    return site;
  }

  write(name, text) {
    fs.writeFileSync(path.join(this.directory, name), text);
  }

  /** Runs ostrakon; returns what it printed. */
  tool(words, input = '') {
    return execFileSync(path.join(kPrograms, 'ostrakon'), ['--config', path.join(this.directory, 'ostrakon.toml'), '--yes', ...words], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  ban(subject, reason, ...more) {
    this.tool(['ban', subject, '--reason', reason, '--evidence', 'Nobody may see this', ...more]);
  }

  /** Does something while the file of the database is not where it was. */
  async withoutDatabase(deed) {
    const file = path.join(this.directory, 'db/data.mdb');
    fs.renameSync(file, `${file}.away`);
    try {
      return await deed();
    } finally {
      fs.renameSync(`${file}.away`, file);
    }
  }

  /** One decision of each kind. */
  decide() {
    this.tool(['import', '-', '--format', 'range-csv', '--source', 'countries'], '203.0.113.128,203.0.113.191,XX\n');
    this.tool(['import', '-', '--format', 'plain', '--source', 'spamhaus-drop'], '192.0.2.200\n192.0.2.7\n');
    this.ban('192.0.2.7', 'Spam to our traps, seen on three days, with a forged sender each time');
    this.ban('198.51.100.0/24', 'Snowshoe spam from all of this network', '--class', 'isp');
    this.ban('spam.example', 'Advertised in unwanted mail');
    this.ban('country:XX', 'Nothing but spam');
    this.ban('rdns:*.adsl.example.net', 'Lines for homes');
    this.ban('203.0.113.77', 'reverse-dns: has no name', '--class', 'misconfigured');
    this.ban('user@example.com', 'Phishing for passwords');
    this.ban('192.0.2.9', 'Spam', '--for', '30d');
    this.ban('192.0.2.16', 'Spam');
    this.tool(['unban', '192.0.2.16', '--reason', 'promised to mend it']);
    this.ban('192.0.2.16', 'Spam again, a day after the removal');
    this.ban('192.0.2.64/26', 'Spam from many of these');
    this.tool(['allow', '192.0.2.65', '--reason', 'A partner of ours']);
  }

  async #serve() {
    const configuration = path.join(this.directory, 'ostrakon.toml');
    const ostrakond = new Server('ostrakond', configuration);
    this.#servers.push(ostrakond);
    await ostrakond.says(/serving /);
    const web = new Server('ostrakon-web', configuration);
    this.#servers.push(web);
    const [, visitors, operator] = await web.says(/serving on (http:\/\/[\d.:]+)\D+(http:\/\/[\d.:]+)\/status/);
    this.origin = visitors;
    this.operator = operator;
  }

  async stop() {
    this.#resolver.close();
    for (const server of this.#servers.reverse()) {
      await server.stop();
    }
    fs.rmSync(this.directory, { recursive: true });
  }
}
