// Gets a URL, prints the body, and exits with 0; tries again until it is answered with 200.
// URL: what to get. Port 8080 of a neighbour in the same task is `http://localhost:8080`; where the
// runtime has mapped it to another one, PORT_8080 says to which. DEADLINE: seconds, 10 unless set.
const { setTimeout: pause } = require('node:timers/promises');

const url = new URL(process.env.URL);
if (url.hostname === 'localhost') url.port = process.env[`PORT_${url.port}`] ?? url.port;
const end = Date.now() + 1000 * Number(process.env.DEADLINE ?? 10);

async function main() {
  for (;;) {
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`status ${response.status}`);
      console.log(await response.text());
      return;
    } catch (error) {
      if (Date.now() >= end) {
        console.error(`no answer from ${url}: ${error.cause?.message ?? error.message}`);
        process.exit(1);
      }
      await pause(50);
    }
  }
}

void main();
