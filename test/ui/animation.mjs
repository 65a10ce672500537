// Records screenshots of the tour as an animated GIF. Only what changes from one frame to the next is written.
import { writeFileSync } from 'node:fs';
import gifenc from 'gifenc';

const TRANSPARENT = 255; // index of the colour that leaves the pixel of the frame before

export class Recording {
  frames = [];

  /** @param clip the part of the page to record */
  constructor(page, clip) {
    this.page = page;
    this.clip = clip;
  }

  /** Takes a frame. @param ms how long it is shown */
  async frame(ms) {
    const png = await this.page.screenshot({ clip: this.clip, animations: 'disabled', caret: 'hide' });
    this.frames.push({ ms, png });
  }

  async write(file) {
    const { width, height } = this.clip;
    const decoder = await this.page.context().newPage(); // the browser can read PNG
    const gif = gifenc.GIFEncoder();
    let before;
    for (const { ms, png } of this.frames) {
      const raw = await decoder.evaluate(
        async ([source, w, h]) => {
          const image = new Image();
          image.src = source;
          await image.decode();
          const context = new OffscreenCanvas(w, h).getContext('2d');
          context.drawImage(image, 0, 0);
          const bytes = context.getImageData(0, 0, w, h).data;
          let text = '';
          for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
          return btoa(text);
        },
        [`data:image/png;base64,${png.toString('base64')}`, width, height],
      );
      const pixels = new Uint8Array(Buffer.from(raw, 'base64'));
      const palette = gifenc.quantize(pixels, TRANSPARENT);
      const index = gifenc.applyPalette(pixels, palette);
      const now = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height);
      if (before) for (let i = 0; i < now.length; i++) if (now[i] === before[i]) index[i] = TRANSPARENT;
      while (palette.length <= TRANSPARENT) palette.push([0, 0, 0]);
      gif.writeFrame(index, width, height, {
        palette,
        delay: ms,
        ...(before ? { transparent: true, transparentIndex: TRANSPARENT } : {}),
        dispose: 1,
      });
      before = now;
    }
    gif.finish();
    writeFileSync(file, gif.bytes());
    await decoder.close();
  }
}
