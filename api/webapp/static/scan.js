// Reads a sign with the camera, on the phone. No picture leaves it, and no foreign address is ever opened.

const page = document.querySelector("[data-scan]");
const { reader, wasm, lang } = document.querySelector("script[data-reader]").dataset;
const { codeOf, decoded, signAddress } = await import(document.querySelector("script[src*='codes.js']").src);
const words = JSON.parse(page.dataset.words);
const video = page.querySelector("video");
const [start, stop, told] = ["start", "stop", "told"].map((name) => page.querySelector(`[data-${name}]`));
const PAUSE = 150; // ms between two looks
const LARGEST = 800; // pixels of the longer side that is looked at
let stream = null;
let turn = 0; // counts starts and stops: what was asked for before the last of them is void

/** What reads codes out of the picture: the browser itself, else the WebAssembly of the folder vendor. */
async function openReader() {
  const own = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (own.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (canvas) => (await detector.detect(canvas)).map((found) => found.rawValue);
  }
  await new Promise((done, fail) => {
    const script = Object.assign(document.createElement("script"), { src: reader, onload: done, onerror: fail });
    document.head.append(script);
  });
  await ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return async (canvas, picture) => {
    const found = await ZXingWASM.readBarcodes(picture.getImageData(0, 0, canvas.width, canvas.height), {
      formats: ["QRCode"],
      maxNumberOfSymbols: 4,
    });
    return found.map((one) => one.text);
  };
}

/** The address of the station whose sign this is, or the sentence that says why there is none. */
function judge(text) {
  const typed = codeOf(text.trim());
  if (typed) return { address: signAddress(typed, lang) };
  let url;
  try {
    url = new URL(text.trim());
  } catch {
    return { sentence: words.noSign };
  }
  if (!/^https?:$/.test(url.protocol)) return { sentence: words.noSign };
  if (url.host !== location.host && url.host !== page.dataset.site.split("/")[0]) {
    return { sentence: words.foreign.replace("{host}", () => url.host) };
  }
  const [, written] = url.pathname.match(/^\/+s\/+([^/]+)\/*$/i) ?? [];
  if (!written) return { sentence: words.noSign };
  const code = codeOf(decoded(written));
  return code ? { address: signAddress(code, lang) } : { sentence: words.wrong };
}

function tell(sentence) {
  if (told.textContent !== sentence) told.textContent = sentence;
}

function halt() {
  turn += 1;
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  video.srcObject = null;
  const isHeld = document.activeElement === stop;
  start.hidden = false;
  if (isHeld) start.focus();
  video.hidden = stop.hidden = true;
}

async function look(read) {
  const canvas = document.createElement("canvas");
  const picture = canvas.getContext("2d", { willReadFrequently: true });
  const own = stream;
  while (stream && stream === own) {
    const { videoWidth: width, videoHeight: height } = video;
    if (width) {
      const scale = Math.min(1, LARGEST / Math.max(width, height));
      [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
      picture.drawImage(video, 0, 0, canvas.width, canvas.height);
      const verdicts = (await read(canvas, picture)).map(judge);
      const sign = verdicts.find((verdict) => verdict.address);
      if (sign && stream) {
        halt();
        tell(words.found);
        return location.assign(sign.address);
      }
      if (verdicts.length) tell(verdicts[0].sentence);
    }
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

async function begin() {
  const own = (turn += 1);
  stop.hidden = false;
  stop.focus();
  start.hidden = true;
  let given;
  try {
    given = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  } catch (error) {
    if (own !== turn) return;
    halt();
    return tell({ NotAllowedError: words.denied, NotFoundError: words.none }[error.name] ?? words.failed);
  }
  if (own !== turn) return given.getTracks().forEach((track) => track.stop()); // stopped while the browser asked for leave
  stream = given;
  if (document.hidden) return halt(); // or somebody went away
  stream.getVideoTracks()[0].addEventListener("ended", () => {
    if (!stream) return;
    halt();
    tell(words.failed);
  });
  video.srcObject = stream;
  video.hidden = false;
  tell(words.looking);
  await video.play().catch(() => {});
  const read = await openReader().catch(() => null);
  if (own !== turn) return;
  if (!read) {
    halt();
    return tell(words.reader);
  }
  await look(read).catch(() => {
    halt();
    tell(words.failed);
  });
}

if (navigator.mediaDevices?.getUserMedia) {
  page.querySelector("[data-camera]").hidden = false;
  start.addEventListener("click", begin);
  stop.addEventListener("click", () => {
    halt();
    tell(words.stopped);
  });
  document.addEventListener("visibilitychange", () => document.hidden && halt());
  addEventListener("pagehide", halt);
}
