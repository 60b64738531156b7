/** Downloads a file. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // Some browsers read the content only after the click has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A file name from a title: letters and digits, joined by dashes. */
export function fileName(title: string, extension: string): string {
  const words = title.toLowerCase().normalize('NFC').match(/[\p{L}\p{N}]+/gu)?.join('-') ?? '';
  return `${words.slice(0, 60) || 'lens'}.${extension}`;
}
