// Google's services as far as Code.gs asks for them: small, strict, and rude where Google is.
//
// One run of one function, as Apps Script makes it: what is stored comes in as JSON on stdin, what
// is stored then goes out as JSON on stdout. `node standins.js Code.gs < run.json`

'use strict';

const { spawnSync } = require('node:child_process');
const { createHmac, randomUUID } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const run = JSON.parse(readFileSync(0, 'utf8'));
const seen = {
  logs: [], mails: [], dialogs: [], menu: [], sleeps: [], fetched: 0, error: null,
};
let ahead = 0; // how far this run's clock is ahead: by its pauses, and by slow answers

// --- bytes are signed, as Java's are -------------------------------------------------------------

const signed = (buffer) => Array.from(buffer, (byte) => (byte > 127 ? byte - 256 : byte));

function unsigned(bytes) {
  const fits = (byte) => Number.isInteger(byte) && byte >= -128 && byte <= 127;
  if (!Array.isArray(bytes) || !bytes.every(fits)) {
    throw new Error('The parameters do not match the method signature: Byte[] is -128 to 127.');
  }
  return Buffer.from(bytes.map((byte) => byte & 0xff));
}

const Utilities = {
  computeHmacSha256Signature(value, key) {
    return signed(createHmac('sha256', unsigned(key)).update(unsigned(value)).digest());
  },
  base64Encode: (bytes) => unsigned(bytes).toString('base64'),
  base64Decode(text) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) {
      throw new Error('Could not decode string.');
    }
    return signed(Buffer.from(text, 'base64'));
  },
  newBlob: (text) => ({ getBytes: () => signed(Buffer.from(text, 'utf8')) }),
  getUuid: randomUUID,
  sleep(milliseconds) {
    seen.sleeps.push(milliseconds);
    ahead += milliseconds;
  },
  formatDate: (date, zone, pattern) => `${date.toISOString().slice(0, 16).replace('T', ' ')}`,
};

// --- the network: what is asked of the school's host goes to the test's server on loopback -------

function fetch(url, { method = 'get', payload, headers = {}, contentType, ...others } = {}) {
  seen.fetched += 1;
  ahead += run.secondsAnswer * 1000;
  const { host, pathname } = new URL(url);
  if (run.hosts[host] === undefined) {
    throw new Error(`DNS error: ${url}`);
  }
  const request = {
    port: run.hosts[host], path: pathname, method: method.toUpperCase(),
    headers: { ...headers, 'content-type': contentType },
    body: unsigned(payload).toString('base64'),
  };
  const done = spawnSync(process.execPath, [join(__dirname, 'ask.js')], {
    input: JSON.stringify(request), encoding: 'utf8',
  });
  if (done.status !== 0) {
    throw new Error(`Address unavailable: ${url}`);
  }
  return answered(JSON.parse(done.stdout), url, others);
}

function answered({ status, headers, text }, url, { muteHttpExceptions, followRedirects = true }) {
  if (followRedirects && status >= 300 && status < 400) {
    throw new Error('A redirect was followed, and the body was lost on the way.');
  }
  if (status >= 400 && !muteHttpExceptions) {
    throw new Error(`Request failed for ${url} returned code ${status}. Server response: ${text}`);
  }
  return {
    getResponseCode: () => status, getAllHeaders: () => headers, getContentText: () => text,
  };
}

// --- what is stored, within Google's limits ------------------------------------------------------

const bytesOf = (text) => Buffer.byteLength(text, 'utf8');

const properties = {
  getProperty: (name) => (name in run.properties ? run.properties[name] : null),
  getProperties: () => ({ ...run.properties }),
  getKeys: () => Object.keys(run.properties),
  deleteProperty(name) {
    delete run.properties[name];
    return properties;
  },
  setProperty(name, value) {
    if (typeof value !== 'string') {
      throw new Error('The parameters (String,number) do not match the method signature.');
    }
    const all = { ...run.properties, [name]: value };
    const total = Object.entries(all).reduce((sum, pair) => sum + bytesOf(pair.join('')), 0);
    if (bytesOf(value) > 9 * 1024 || total > 500 * 1024) {
      throw new Error('Argument too large: value');
    }
    run.properties[name] = value;
    return properties;
  },
};

// --- triggers, locks, the form, dialogs ----------------------------------------------------------

const trigger = (made) => ({ getHandlerFunction: () => made.handler, made });

function newTrigger(handler) {
  const made = { handler };
  const builder = {
    forForm: (form) => Object.assign(builder, { form: made.form = form.getId() }),
    timeBased: () => builder,
    onFormSubmit: () => Object.assign(builder, { on: made.on = 'submit' }),
    everyHours: (hours) => Object.assign(builder, { hours: made.hours = hours }),
    after: (milliseconds) => Object.assign(builder, { after: made.after = milliseconds }),
    create: () => run.triggers.push(made),
  };
  return builder;
}

const ScriptApp = {
  newTrigger,
  getProjectTriggers: () => run.triggers.map(trigger),
  deleteTrigger: ({ made }) => run.triggers.splice(run.triggers.indexOf(made), 1),
};

const LockService = {
  getScriptLock: () => ({ tryLock: () => !run.lockIsTaken, releaseLock() {} }),
};

const item = ({ id, title, type }) => ({
  getId: () => id, getTitle: () => title, getType: () => ({ toString: () => type }),
});

const response = ({ id, at, respondent, answers }) => ({
  getId: () => id,
  getTimestamp: () => new Date(at),
  getRespondentEmail: () => respondent,
  getResponseForItem(asked) {
    const answer = answers[asked.getId()];
    return answer === undefined ? null : { getResponse: () => answer };
  },
});

const form = {
  getId: () => run.form.id,
  getEditUrl: () => `https://forms.example/${run.form.id}/edit`,
  getItems: () => run.form.items.map(item),
  collectsEmail: () => run.form.collects !== 'DO_NOT_COLLECT',
  getResponses: (from = new Date(0)) => run.form.responses
    .filter(({ at }) => at >= from.getTime()).map(response),
  getResponse(id) {
    const found = run.form.responses.find((each) => each.id === id);
    if (found === undefined) {
      throw new Error('Exception: Invalid response ID.');
    }
    return response(found);
  },
};
if (run.form.tellsCollection) {
  form.getEmailCollectionType = () => ({ toString: () => run.form.collects });
}

const buttons = { OK: 'OK', YES: 'YES', NO: 'NO', CANCEL: 'CANCEL', CLOSE: 'CLOSE' };
const ButtonSet = {
  OK: ['OK'], OK_CANCEL: ['OK', 'CANCEL'], YES_NO: ['YES', 'NO'],
  YES_NO_CANCEL: ['YES', 'NO', 'CANCEL'],
};

function dialog(title, text, choices) {
  const chosen = choices.length === 1 ? { button: choices[0] } : run.clicks.shift();
  seen.dialogs.push({ title, text });
  if (chosen === undefined || ![...choices, 'CLOSE'].includes(chosen.button)) {
    throw new Error(`Nobody clicks in the dialog “${title}: ${text}”.`);
  }
  return chosen;
}

const menu = {
  addItem(caption, handler) {
    seen.menu.push({ caption, handler });
    return menu;
  },
  addToUi() {},
};

const ui = {
  Button: buttons,
  ButtonSet,
  createMenu: () => menu,
  alert: (title, text, choices) => dialog(title, text, choices).button,
  prompt(title, text, choices) {
    const { button, text: typed = '' } = dialog(title, text, choices);
    return { getSelectedButton: () => button, getResponseText: () => typed };
  },
};

// --- the run -------------------------------------------------------------------------------------

const log = (...said) => seen.logs.push(said.join(' '));

const context = vm.createContext({
  Utilities,
  ScriptApp,
  LockService,
  UrlFetchApp: { fetch },
  PropertiesService: { getScriptProperties: () => properties },
  FormApp: { getActiveForm: () => form, getUi: () => ui },
  MailApp: {
    sendEmail(to, subject, body) {
      if (run.mailsAreUsedUp) {
        throw new Error('Service invoked too many times for one day: email.');
      }
      seen.mails.push({ to, subject, body });
    },
  },
  Session: {
    getEffectiveUser: () => ({ getEmail: () => run.owner }), getScriptTimeZone: () => 'Etc/UTC',
  },
  console: { log, info: log, warn: log, error: log },
});
context.clock = () => Date.now() + ahead;
vm.runInContext('{ const now = clock; Date.now = () => now(); } delete globalThis.clock;', context);
vm.runInContext(readFileSync(process.argv[2], 'utf8'), context, { filename: 'Code.gs' });

try {
  const submitted = run.form.responses.find(({ id }) => id === run.submitted);
  context.event = submitted && { response: response(submitted), source: form };
  vm.runInContext(`${run.call}(event)`, context);
} catch (error) {
  seen.error = String(error); // Google mails it to the owner
}
process.stdout.write(JSON.stringify({ ...seen, properties: run.properties, triggers: run.triggers }));
