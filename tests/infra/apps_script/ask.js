// One HTTP request to loopback, in a process of its own, because UrlFetchApp waits for its answer.

'use strict';

const { readFileSync } = require('node:fs');
const { request } = require('node:http');

const { body, ...options } = JSON.parse(readFileSync(0, 'utf8'));
const asked = request({ host: '127.0.0.1', timeout: 10000, ...options }, (answer) => {
  const parts = [];
  answer.on('data', (part) => parts.push(part));
  answer.on('end', () => {
    const headers = {};
    for (let at = 0; at < answer.rawHeaders.length; at += 2) {
      headers[answer.rawHeaders[at]] = answer.rawHeaders[at + 1];
    }
    const text = Buffer.concat(parts).toString('utf8');
    process.stdout.write(JSON.stringify({ status: answer.statusCode, headers, text }));
  });
});
asked.on('error', () => process.exit(1));
asked.end(Buffer.from(body, 'base64'));
