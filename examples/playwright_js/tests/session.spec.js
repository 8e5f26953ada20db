import { expect, test } from "@playwright/test";
import { install, practice } from "./practice.js";

const HOUR = 3600;
const status = page => page.locator("#status");
const join = async page => {
  await page.goto("/");
  await page.getByRole("button", { name: "Join" }).click();
};
const onlySession = async () => {
  const { sessions } = await practice("/sessions");
  expect(sessions).toHaveLength(1);
  return sessions[0];
};

test.beforeEach(async ({ page }) => {
  await practice("/reset", {});
  await install(page);
});

test.afterEach(async ({}, { status, expectedStatus }) => {
  if (status !== expectedStatus) console.log(JSON.stringify(await practice("/sessions"), null, 2));
});

test("the token of our server admits our page", async ({ page }) => {
  await join(page);
  await expect(status(page)).toHaveText("CONNECTED");
  const { channel, state, privileges } = await onlySession();
  expect([channel, state]).toEqual(["lobby", "in"]);
  const { now } = await practice("/clock");
  expect(privileges.join_channel - now).toBeGreaterThan(HOUR - 60);
  expect(privileges.join_channel - now).toBeLessThanOrEqual(HOUR);
});

test("our page renews its token before that ends", async ({ page }) => {
  // Our server goes by the real time. Once the clock is moved, the practice project issues the tokens.
  await page.route("**/token", async route => {
    const answer = await practice("/rtctoken", { ...route.request().postDataJSON(), isPublisher: true });
    const { appId } = await practice("/project");
    await route.fulfill({ json: { appId, ...answer } });
  });
  await join(page);
  await expect(status(page)).toHaveText("CONNECTED");

  await practice("/clock", { advance: HOUR - 30 });
  await expect.poll(async () => (await onlySession()).events.map(event => event.kind)).toContain("renew token");
  await practice("/clock", { advance: HOUR - 60 }); // after the end of the first token
  expect((await onlySession()).state).toBe("in");
  await expect(status(page)).toHaveText("CONNECTED");
});

test("our page says that it was banned", async ({ page }) => {
  await join(page);
  await expect(status(page)).toHaveText("CONNECTED");
  await practice("/ban", { uid: (await onlySession()).uid });
  await expect(status(page)).toHaveText("DISCONNECTED: UID_BANNED");
});

test("our page says that its token was rejected", async ({ page }) => {
  // A rotation that forgot our server: it still signs with the certificate that was replaced and disabled.
  await practice("/certificates", { change: "add_secondary", certificate: "0123456789abcdef".repeat(2) });
  await practice("/certificates", { change: "swap" });
  await practice("/certificates", { change: "disable_secondary" });
  await join(page);
  await expect(status(page)).toHaveText(/^Cannot join\..*invalid token, authorized failed/);
  const { rejected } = await practice("/sessions");
  expect(rejected[0].reasons[0].title).toContain("certificate");
});
