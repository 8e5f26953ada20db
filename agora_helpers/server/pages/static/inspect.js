// The page of the token server: the server explains the text.

import { start } from "./inspection.js";
import { postWithKey } from "./shared.js";

start(async text => (await postWithKey("inspect/explain", { text })).json);
