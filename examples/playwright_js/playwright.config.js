import { defineConfig } from "@playwright/test";

const { PORT = "3000", PRACTICE_PORT = "4500", CHROMIUM, CI } = process.env;
const app = `http://localhost:${PORT}`;

export default defineConfig({
  testDir: "tests",
  workers: 1, // there is one practice project, and its clock is everybody's
  use: { baseURL: app, launchOptions: { executablePath: CHROMIUM } },
  webServer: [
    {
      command: `agora-helpers practice --port ${PRACTICE_PORT} --allow-origin ${app}`,
      url: `http://127.0.0.1:${PRACTICE_PORT}`,
      gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
      reuseExistingServer: !CI,
    },
    {
      command: "node server.js",
      url: `http://127.0.0.1:${PORT}`,
      env: {
        PORT,
        // The sample pair that Agora publishes. The practice project has it, too; no real project does.
        AGORA_APP_ID: "970CA35de60c44645bbae8a215061b33",
        AGORA_APP_CERTIFICATE: "5CFd2fd1755d40ecb72977518be15d3b",
      },
      reuseExistingServer: !CI,
    },
  ],
});
