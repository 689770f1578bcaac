// A WebSocket that comes back by itself. It says what state it is in and hands over frames; what
// they mean is the room's affair.

const HEARTBEAT = 25_000; // ms between pings; a proxy closes what is silent for a minute
const PATIENCE = 10_000; // ms to wait for an answer before the connection counts as dead
const LONGEST_PAUSE = 15_000;
const SIGNED_OUT = 4401;
const NOT_UNDERSTOOD = 4400;

export class Socket {
  constructor(path, { onFrame, onState }) {
    this.url = new URL(path, location.href.replace(/^http/, "ws"));
    this.onFrame = onFrame;
    this.onState = onState;
    this.failures = 0;
    this.frames = 0;
    this.open();
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => document.hidden || this.check());
  }

  get isOpen() {
    return this.welcomed && this.socket?.readyState === WebSocket.OPEN;
  }

  open() {
    clearTimeout(this.retry);
    this.welcomed = false;
    this.socket = new WebSocket(this.url);
    this.socket.addEventListener("message", (event) => this.hear(JSON.parse(event.data)));
    this.socket.addEventListener("close", (event) => this.closed(event.code));
    this.expectAnswer();
  }

  hear(frame) {
    clearTimeout(this.silence);
    if (frame.type === "welcome") {
      this.welcomed = true;
      this.failures = 0;
      this.beat();
      this.onState("open");
      return;
    }
    if (frame.type === "pong") return;
    this.frames += 1;
    if (this.frames >= 32) {
      this.send({ type: "received", frames: this.frames });
      this.frames = 0;
    }
    this.onFrame(frame);
  }

  // True when the frame was handed to the connection; whether it arrived, only an answer tells.
  send(frame) {
    if (!this.isOpen) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  beat() {
    clearInterval(this.heart);
    this.heart = setInterval(() => this.check(), HEARTBEAT);
  }

  check() {
    if (this.send({ type: "ping" })) this.expectAnswer();
    else this.retryNow();
  }

  expectAnswer() {
    clearTimeout(this.silence);
    const socket = this.socket;
    this.silence = setTimeout(() => {
      socket.close();
      if (socket === this.socket) this.closed(0); // a dead connection may take minutes to close
    }, PATIENCE);
  }

  closed(code) {
    if (this.ended) return;
    clearTimeout(this.silence);
    clearInterval(this.heart);
    this.welcomed = false;
    this.socket = { readyState: WebSocket.CLOSED };
    if (code === SIGNED_OUT || code === NOT_UNDERSTOOD) {
      this.ended = true;
      this.onState(code === SIGNED_OUT ? "signed-out" : "failed");
      return;
    }
    this.failures += 1;
    this.frames = 0;
    this.onState("closed", this.failures);
    const pause = Math.min(LONGEST_PAUSE, 300 * 2 ** Math.min(this.failures, 6));
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.open(), pause * (0.5 + Math.random() / 2));
  }

  retryNow() {
    if (!this.ended && this.socket.readyState === WebSocket.CLOSED) this.open();
  }
}
