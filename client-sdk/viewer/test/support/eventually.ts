import assert from 'node:assert/strict';

/** Waits until something holds that the browser does in its own time, such as telling a page of another color scheme. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `not within 5 s: ${holds}`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
