// Whoever signs out leaves no copy of a care round on the phone. What waits to be sent stays, under their name.
const notice = new URLSearchParams(location.search).get("notice");
if (["signed-out", "everywhere"].includes(notice)) await globalThis.caches?.delete("staff-care");
