(async () => {
  const packed = atob(document.getElementById('script').textContent);
  const bytes = Uint8Array.from({ length: packed.length }, (_, i) => packed.charCodeAt(i));
  const script = document.createElement('script');
  script.textContent = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
  document.head.append(script);
})().catch((error) => document.body.append(`This page needs a browser of 2023 or later: ${error.message}`));
