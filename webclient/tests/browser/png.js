// Makes pictures of the screen small: 256 colours are enough for text on plain ground. PNG as in RFC 2083, as much of
// it as Chromium writes. pictures.js calls this.

import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLORS = 256;

/** The same picture with a palette. @param {Buffer} png @returns {Buffer} */
export function quantised(png) {
  const { width, height, pixels } = decode(png);
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const color of pixels) counts.set(color, (counts.get(color) ?? 0) + 1);
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, COLORS).map(([color]) => color);
  /** @type {Map<number, number>} */
  const places = new Map(palette.map((color, at) => [color, at]));
  for (const color of counts.keys()) if (!places.has(color)) places.set(color, nearest(palette, color));
  const rows = Buffer.alloc((width + 1) * height);
  pixels.forEach((color, at) => {
    const row = Math.floor(at / width);
    rows[row * (width + 1) + 1 + (at % width)] = /** @type {number} */ (places.get(color));
  });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const colors = Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", head),
    chunk("PLTE", colors),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** @param {number[]} palette @param {number} color */
function nearest(palette, color) {
  let best = 0;
  let least = Infinity;
  palette.forEach((one, at) => {
    const [r, g, b] = [(one >> 16) - (color >> 16), ((one >> 8) & 255) - ((color >> 8) & 255), (one & 255) - (color & 255)];
    const distance = 2 * r * r + 4 * g * g + 3 * b * b;
    if (distance < least) [best, least] = [at, distance];
  });
  return best;
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** Pixels as 0xRRGGBB. @param {Buffer} png */
function decode(png) {
  let [width, height, bytes] = [0, 0, 0];
  const data = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      if (body[8] !== 8 || ![2, 6].includes(body[9]) || body[12] !== 0) throw new Error("not a PNG that Chromium makes");
      bytes = body[9] === 2 ? 3 : 4;
    }
    if (type === "IDAT") data.push(body);
    at += length + 12;
  }
  const raw = inflateSync(Buffer.concat(data));
  const line = width * bytes;
  const out = Buffer.alloc(line * height);
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (line + 1)];
    for (let at = 0; at < line; at += 1) {
      const here = row * line + at;
      const left = at >= bytes ? out[here - bytes] : 0;
      const up = row > 0 ? out[here - line] : 0;
      const corner = row > 0 && at >= bytes ? out[here - line - bytes] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      out[here] = raw[row * (line + 1) + 1 + at] + guess;
    }
  }
  const pixels = new Uint32Array(width * height);
  for (let at = 0; at < pixels.length; at += 1) {
    pixels[at] = (out[at * bytes] << 16) | (out[at * bytes + 1] << 8) | out[at * bytes + 2];
  }
  return { width, height, pixels };
}

/** @param {number} left @param {number} up @param {number} corner */
function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((one) => Math.abs(guess - one));
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
