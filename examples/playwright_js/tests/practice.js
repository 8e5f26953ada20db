// A client of `agora-helpers practice`.

const URL = `http://127.0.0.1:${process.env.PRACTICE_PORT ?? 4500}`;

/** Reads from the control API, or changes something: practice("/clock", { advance: 60 }). */
export async function practice(path, change) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(URL + path, change && { method: "POST", headers, body: JSON.stringify(change) });
  const body = await response.json();
  if (!response.ok) throw new Error(body.error.message);
  return body;
}

/** Leads Agora's SDK in a page, or in all pages of a context, to the practice project. */
export async function install(page) {
  const response = await fetch(`${URL}/redirect.js`);
  await page.addInitScript(await response.text());
}
