// Pictures as bytes, [height, width, channels]: a pen, the mean over areas, and a short text for the address.

/** One picture. */
export interface Picture {
  width: number;
  height: number;
  channels: number;
  bytes: Uint8Array;
}

export const blank = (size: number, channels: number): Picture => ({ width: size, height: size, channels, bytes: new Uint8Array(size * size * channels) });

/** Of another size: each new pixel is the mean of the area that it covers, pixels at its edges by the part that lies within. */
export function resize({ width, height, channels, bytes }: Picture, size: number): Picture {
  const made = blank(size, channels);
  const [across, down] = [parts(width, size), parts(height, size)];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (const [row, high] of down[y]!) for (const [column, wide] of across[x]!) sum += high * wide * bytes[(row * width + column) * channels + c]!;
        made.bytes[(y * size + x) * channels + c] = Math.round((sum * size * size) / (width * height));
      }
    }
  }
  return made;
}

/** Which old pixels each new one covers, and how much of each. */
function parts(old: number, made: number): [number, number][][] {
  return Array.from({ length: made }, (_, i) => {
    const [from, to] = [(i * old) / made, ((i + 1) * old) / made];
    const covered: [number, number][] = [];
    for (let at = Math.floor(from); at < Math.min(old, Math.ceil(to - 1e-9)); at++) covered.push([at, Math.min(to, at + 1) - Math.max(from, at)]);
    return covered;
  });
}

/** Shades of grey, 0.299 red + 0.587 green + 0.114 blue; or three equal channels of a grey picture. */
export function toChannels(picture: Picture, channels: number): Picture {
  if (picture.channels === channels) return picture;
  const { width, height, bytes } = picture;
  const made = { width, height, channels, bytes: new Uint8Array(width * height * channels) };
  for (let i = 0; i < width * height; i++) {
    if (channels === 1) made.bytes[i] = Math.round(0.299 * bytes[3 * i]! + 0.587 * bytes[3 * i + 1]! + 0.114 * bytes[3 * i + 2]!);
    else made.bytes.fill(bytes[i]!, 3 * i, 3 * i + 3);
  }
  return made;
}

export interface Pen {
  /** In pixels of the picture. */
  radius: number;
  colour: readonly [number, number, number];
  erases: boolean;
}

/** A new picture with a line of a round pen: full within its radius, half a pixel to fade. */
export function line(picture: Picture, [fromX, fromY]: readonly [number, number], [toX, toY]: readonly [number, number], pen: Pen): Picture {
  const made = { ...picture, bytes: picture.bytes.slice() };
  const [dx, dy] = [toX - fromX, toY - fromY];
  const square = Math.max(1e-12, dx * dx + dy * dy);
  const ink = picture.channels === 1 ? [Math.round(0.299 * pen.colour[0] + 0.587 * pen.colour[1] + 0.114 * pen.colour[2])] : pen.colour;
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const t = Math.min(1, Math.max(0, ((x + 0.5 - fromX) * dx + (y + 0.5 - fromY) * dy) / square));
      const cover = Math.min(1, Math.max(0, pen.radius + 0.5 - Math.hypot(x + 0.5 - fromX - t * dx, y + 0.5 - fromY - t * dy)));
      if (cover === 0) continue;
      for (let c = 0; c < picture.channels; c++) {
        const at = (y * picture.width + x) * picture.channels + c, old = made.bytes[at]!;
        made.bytes[at] = pen.erases ? Math.min(old, Math.round(255 * (1 - cover))) : Math.max(old, Math.round(ink[c]! * cover));
      }
    }
  }
  return made;
}

/** In base 64. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** A short text: runs of black are a 0 and their length, other bytes are themselves; base 64 for addresses. */
export function pack(bytes: Uint8Array): string {
  const made: number[] = [];
  for (let i = 0; i < bytes.length; ) {
    let run = 0;
    while (run < 255 && bytes[i + run] === 0) run++;
    made.push(...(run > 0 ? [0, run] : [bytes[i]!]));
    i += Math.max(1, run);
  }
  return base64(Uint8Array.from(made)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The bytes of a packed text; null where it is none, or not of so many. */
export function unpack(text: string, count: number): Uint8Array | null {
  try {
    const packed = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = new Uint8Array(count);
    let to = 0;
    for (let i = 0; i < packed.length; i++) {
      const byte = packed.charCodeAt(i);
      if (byte === 0) to += packed.charCodeAt(++i);
      else if (to < count) bytes[to++] = byte;
      else return null;
    }
    return to === count ? bytes : null;
  } catch {
    return null;
  }
}

/** A file that the browser can decode, on white where it is transparent. */
export async function decodeFile(file: Blob): Promise<Picture> {
  const MOST = 1024;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error('This file is no picture that the browser can read: give a PNG or a JPEG file.');
  }
  const scale = Math.min(1, MOST / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale))];
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d')!;
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, channels: 3, bytes: Uint8Array.from({ length: 3 * width * height }, (_, i) => data[4 * Math.floor(i / 3) + (i % 3)]!) };
}
