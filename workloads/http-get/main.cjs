// Gets a URL over HTTP or HTTPS, prints the body, and exits with 0; tries again until it is answered with 200.
// URL: what to get. Port 8080 of a neighbour in the same task is `http://localhost:8080`; where the
// runtime has mapped it to another one, PORT_8080 says to which. CA: a certificate to trust, PEM.
// DEADLINE: seconds, 10 unless set.
const { setTimeout: pause } = require('node:timers/promises');

const url = new URL(process.env.URL);
if (url.hostname === 'localhost') url.port = process.env[`PORT_${url.port}`] ?? url.port;
const { get } = require(url.protocol === 'https:' ? 'node:https' : 'node:http');
const end = Date.now() + 1000 * Number(process.env.DEADLINE ?? 10);

async function main() {
  for (;;) {
    try {
      console.log(await getBody());
      return;
    } catch (error) {
      if (Date.now() >= end) {
        console.error(`no answer from ${url}: ${error.message}`);
        process.exit(1);
      }
      await pause(50);
    }
  }
}

function getBody() {
  return new Promise((resolve, reject) => {
    const request = get(url, { ca: process.env.CA, timeout: 5000 }, async (response) => {
      let body = '';
      for await (const chunk of response.setEncoding('utf8')) body += chunk;
      if (response.statusCode === 200) resolve(body);
      else reject(new Error(`status ${response.statusCode}`));
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
  });
}

void main();
