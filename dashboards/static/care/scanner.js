// Reads a sign with the camera, on the phone: by the browser itself, else by the WebAssembly that hikers' scanner has.

const PAUSE = 150; // ms between two looks
const LARGEST = 800; // pixels of the longer side that is looked at

async function openReader({ reader, wasm }) {
  const own = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (own.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (canvas) => (await detector.detect(canvas)).map((found) => found.rawValue);
  }
  if (!globalThis.ZXingWASM) {
    await new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src: reader, onload: resolve, onerror: reject });
      document.head.append(script);
    });
  }
  await ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return async (canvas, picture) => {
    const image = picture.getImageData(0, 0, canvas.width, canvas.height);
    const found = await ZXingWASM.readBarcodes(image, { formats: ["QRCode"], maxNumberOfSymbols: 4 });
    return found.map((one) => one.text);
  };
}

/** Look through the camera until ``take`` says that it has what it wanted; returns what ends it. */
export async function scan(video, files, take) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  let isOn = true;
  const stop = () => {
    isOn = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  video.srcObject = stream;
  await video.play().catch(() => {});
  const read = await openReader(files).catch((error) => {
    stop();
    throw error;
  });
  look(video, read, () => isOn, (text) => take(text) && stop());
  return stop;
}

async function look(video, read, isOn, take) {
  const canvas = document.createElement("canvas");
  const picture = canvas.getContext("2d", { willReadFrequently: true });
  while (isOn()) {
    const { videoWidth: width, videoHeight: height } = video;
    if (width) {
      const scale = Math.min(1, LARGEST / Math.max(width, height));
      [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
      picture.drawImage(video, 0, 0, canvas.width, canvas.height);
      for (const text of await read(canvas, picture).catch(() => [])) if (isOn()) take(text);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
