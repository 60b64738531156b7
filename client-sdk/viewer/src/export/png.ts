import type { Drawing } from './heatmap-svg.js';

/** Some browsers refuse larger pictures. */
const LARGEST = 16_000;

/** Paints a drawing at twice the resolution of the screen, or less if it would become too large. */
export async function pngOf({ text, width, height }: Drawing): Promise<Blob> {
  const scale = Math.min(2, LARGEST / width, LARGEST / height);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large for this browser; save it as SVG'))));
  });
}
