// PostgreSQL's wire protocol, version 3: cut a stream into messages, write messages, read the few fields needed here.

/** One message: type byte, length, then `parts` (strings end with a zero byte). */
export function message(type, ...parts) {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)));
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** A 16-bit integer as the protocol writes it. */
export function int16(value) {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

/** What the server says when it failed: `code` is the SQLSTATE. */
export function errorResponse(code, text) {
  return message('E', 'SERROR', 'VERROR', `C${code}`, `M${text}`, Buffer.from([0]));
}

/** Cut complete messages off `buffer`: [[{type, body, whole}…], rest]. */
export function cut(buffer) {
  const messages = [];
  let at = 0;
  while (buffer.length - at >= 5) {
    const end = at + 1 + buffer.readInt32BE(at + 1);
    if (end > buffer.length) break;
    messages.push({
      type: String.fromCharCode(buffer[at]),
      body: buffer.subarray(at + 5, end),
      whole: buffer.subarray(at, end),
    });
    at = end;
  }
  return [messages, buffer.subarray(at)];
}

/** The zero-terminated string at `at` and the place after it. */
export function text(buffer, at = 0) {
  const end = buffer.indexOf(0, at);
  return [buffer.toString('utf8', at, end), end + 1];
}

/** The name and value pairs of a startup packet's body. */
export function startupParameters(body) {
  const words = body.toString('utf8', 8).split('\0');
  const pairs = {};
  for (let i = 0; i + 1 < words.length && words[i]; i += 2) pairs[words[i]] = words[i + 1];
  return pairs;
}
