// Carries requests to a session and answers back: the length of the JSON, the JSON, and the arrays beside it.
import type { NumberBlock, OpenAnswer, RefusedAnswer } from '../generated/sessions';

/** What a session refused, in its own sentence. */
export class Refused extends Error {}

/** The session has ended, or its server. */
export class Ended extends Error {}

/** One answer: its JSON, and the arrays that its blocks name. */
export class Reply<T> {
  constructor(
    readonly answer: T,
    private readonly bytes: ArrayBuffer,
    private readonly start: number,
  ) {}

  float32(block: NumberBlock): Float32Array {
    return new Float32Array(this.bytes, this.start + block.at, block.count);
  }

  float64(block: NumberBlock): Float64Array {
    return new Float64Array(this.bytes, this.start + block.at, block.count);
  }

  uint8(block: NumberBlock): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.bytes, this.start + block.at, block.count);
  }

  int32(block: NumberBlock): Int32Array {
    return new Int32Array(this.bytes, this.start + block.at, block.count);
  }
}

/** Reads an answer as it came over the wire. */
export function decode<T>(bytes: ArrayBuffer): Reply<T> {
  const length = new DataView(bytes).getInt32(0, true);
  const answer = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as T | RefusedAnswer;
  if (typeof answer === 'object' && answer !== null && 'refused' in answer) throw new Refused(answer.refused);
  return new Reply(answer as T, bytes, Math.ceil((4 + length) / 8) * 8);
}

/** How bytes get to a session and back: over HTTP here, to a worker in the static site. */
export interface Host {
  /** What computes, in words, and the rooms that there are. */
  rooms(): Promise<{ engine: string; rooms: { name: string; title: string }[] }>;
  open(request: string): Promise<ArrayBuffer>;
  ask(session: string, request: string): Promise<ArrayBuffer>;
  close(session: string): void;
  /** Where a file of a session is, such as a picture; a host without files has none. */
  file?(session: string, name: string): string;
  /** Hears what happens without being asked for; the function that comes back ends it. */
  listen(session: string, heard: (text: string) => void, ended: () => void, lost: (isLost: boolean) => void): () => void;
}

/** A session that is made anew where it ended: its state is the page's own. */
export class Session {
  private id: Promise<string> | null = null;
  private closed = false;

  constructor(
    private readonly host: Host,
    private readonly room: string,
  ) {}

  async ask<T>(request: object): Promise<Reply<T>> {
    this.id ??= this.open();
    try {
      return decode<T>(await this.host.ask(await this.id, JSON.stringify(request)));
    } catch (error) {
      if (!(error instanceof Refused)) this.id = null;
      throw error;
    }
  }

  /**
   * Asks until there is an answer: for what a room cannot begin without. Each time that nobody answers is told, and it is asked again two seconds
   * later, until the session is closed. What is refused is refused.
   */
  async first<T>(request: object, unanswered: (error: Error) => void): Promise<Reply<T>> {
    for (;;) {
      try {
        return await this.ask<T>(request);
      } catch (error) {
        if (error instanceof Refused || this.closed || !(error instanceof Error)) throw error;
        unanswered(error);
        await new Promise((resolve) => { setTimeout(resolve, 2000); });
        if (this.closed) throw error;
      }
    }
  }

  /**
   * Hears the session's events, of a new session where it ended; the function that comes back ends it. A hidden page hears none, and all that is
   * still true when it is seen again: a browser has few connections for all pages of a lab. That nobody answers is told, and that somebody does again.
   */
  listen<T>(heard: (event: T) => void, lost: (isLost: boolean) => void = () => undefined): () => void {
    let over = false;
    let isOpening = false;
    let close: (() => void) | null = null;
    const end = () => { close?.(); close = null; };
    const again = () => {
      end();
      this.id = null;
      window.setTimeout(begin, 1000);
    };
    const begin = () => {
      if (over || document.hidden || isOpening || close) return;
      isOpening = true;
      this.id ??= this.open();
      this.id.then((id) => {
        isOpening = false;
        if (!over && !document.hidden) close = this.host.listen(id, (text) => { lost(false); heard(JSON.parse(text) as T); }, again, lost);
      }, () => {
        isOpening = false;
        if (over) return;
        lost(true);
        again();
      });
    };
    const look = () => { if (document.hidden) end(); else begin(); };
    document.addEventListener('visibilitychange', look);
    begin();
    return () => { over = true; document.removeEventListener('visibilitychange', look); end(); };
  }

  /** The address of a file that an answer named; null where there are no files. */
  async file(name: string): Promise<string | null> {
    this.id ??= this.open();
    return this.host.file?.(await this.id, name) ?? null;
  }

  close(): void {
    this.closed = true;
    void this.id?.then((id) => { this.host.close(id); }).catch(() => undefined);
    this.id = null;
  }

  private async open(): Promise<string> {
    return decode<OpenAnswer>(await this.host.open(JSON.stringify({ room: this.room }))).answer.session;
  }
}
