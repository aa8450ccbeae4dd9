// Opened as a file, a page may start no worker, and the search runs in one. A frame without an address takes its place:
// the worker's script runs in it, and messages go to and fro as they would.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      this.frame = frame.contentWindow;
      this.started = new Promise((start) => {
        this.frame.postMessage = (data) => this.answer(data);
        const script = this.frame.document.createElement("script");
        script.src = url;
        script.onload = start;
        this.frame.document.body.append(script);
      });
    }

    answer(data) {
      const message = new MessageEvent("message", { data });
      this.dispatchEvent(message);
      this.onmessage?.(message);
    }

    postMessage(data) {
      this.started.then(() => this.frame.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) })));
    }

    terminate() {
      this.frame.frameElement.remove();
    }
  };
}
