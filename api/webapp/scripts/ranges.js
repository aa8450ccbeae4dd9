// The part of a recording that a player asks for: HTTP Semantics (RFC 9110), section 14.

const ONE_RANGE = /^bytes=\s*(\d*)-(\d*)\s*$/i;

/** The answer to a header ``Range``. Several parts, and what is no range, are answered with the whole, as is allowed. */
export async function partOf(response, range) {
  const [, first, last] = ONE_RANGE.exec(range.trim()) ?? [];
  if (!first && !last) return response;
  if (first && last && Number(last) < Number(first)) return response;
  const whole = await response.blob();
  const start = first ? Number(first) : Math.max(0, whole.size - Number(last));
  const end = first && last ? Math.min(Number(last) + 1, whole.size) : whole.size;
  const headers = new Headers(response.headers);
  if (start >= end) {
    headers.delete("content-length");
    headers.set("content-range", `bytes */${whole.size}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set("content-length", String(end - start));
  headers.set("content-range", `bytes ${start}-${end - 1}/${whole.size}`);
  return new Response(whole.slice(start, end), { status: 206, headers });
}
