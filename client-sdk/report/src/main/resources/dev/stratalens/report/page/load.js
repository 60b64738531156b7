(async () => {
  const packed = document.getElementById('script').textContent;
  const bytes = new DataView(new ArrayBuffer(Math.ceil(packed.length / 5) * 4));
  for (let at = 0; at < packed.length; at += 5) {
    let group = 0;
    for (const digit of packed.slice(at, at + 5).padEnd(5, '|').replaceAll('}', '<')) group = group * 85 + digit.charCodeAt(0) - 40;
    bytes.setUint32((at / 5) * 4, group);
  }
  const whole = new Uint8Array(bytes.buffer, 0, Math.floor((packed.length * 4) / 5));
  const script = document.createElement('script');
  script.textContent = await new Response(new Blob([whole]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
  document.head.append(script);
})().catch((error) => document.body.append(`This page needs a browser of 2023 or later: ${error.message}`));
