/**
 * Sends each submission of this form, signed, to the school's enrollment service.
 *
 * Set-up, settings and remedies stand in README.md beside this file. It is one file because it is
 * copied by hand. Apps Script hides functions whose names end in _ from the editor's list.
 *
 * No line of the log, no stored property and no mail holds an address, the secret or an answer.
 *
 * @OnlyCurrentDoc
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const TRIES = 3;
const PAUSES = [2 * SECOND, 8 * SECOND]; // a restart of the service is over by then
const LONGEST_PAUSE = 60 * SECOND; // whoever asks for more is asked again by the hourly trigger

// Google ends a run after 6 minutes:
// https://developers.google.com/apps-script/guides/services/quotas
const RUN = 4 * MINUTE; // no try begins later, so that one which hangs still ends in time
const TURN = 7 * MINUTE; // a run that was ended by Google holds nobody up for longer

// A value may have 9 kB, all of them 500 kB (the same page). People edit settings beside them,
// on a page that takes no more than 50 properties, so there are few and full ones:
// https://developers.google.com/apps-script/guides/properties
const PART_SIZE = 8500;
const MOST_PARTS = 36;
const DETAIL_SIZE = 160;
const TROUBLES = 3; // so many failures of the service in a row: it is away, and asked again later

/** What may go wrong with a response: what happened and what to do, and whether an hour helps. */
const REASONS = {
  settings: { again: true, text: 'The settings are not complete: choose “Set up” to see why.' },
  unreachable: { again: true, text: 'The service did not answer. It is tried again each hour.' },
  unavailable: { again: true, text: 'The service could not take it. It is tried again each hour.' },
  fault: { again: true, text: 'The script itself failed. It is tried again each hour.' },
  unverified: {
    again: false,
    text: 'The address was not verified by Google. Set the form to “Collect email addresses:'
      + ' Verified” and let the student answer again.',
  },
  no_student: { again: false, text: 'The response names no student. Correct the response.' },
  no_address: {
    again: false,
    text: 'The answer that should name the student is no e-mail address. Correct the response.',
  },
  no_course: { again: false, text: 'The response names no course. Correct the response.' },
  course_unmapped: {
    again: false,
    text: 'The course that was chosen is not in the property COURSES. Add it there.',
  },
  unauthorized: {
    again: false,
    text: 'The service does not know the signature: SECRET is wrong or was replaced.',
  },
  refused: { again: false, text: 'The service refused the request; it says why.' },
  unexpected: {
    again: false,
    text: 'The service answered what no enrollment service answers. Look at URL.',
  },
};

// --- what people choose, and what Google calls ---------------------------------------------------

/** The menu, each time the form's editor is opened. */
function onOpen() {
  FormApp.getUi().createMenu('Enrollment')
    .addItem('Set up', 'install')
    .addItem('Send a test', 'sendTest')
    .addItem('Send all responses again', 'sendAllAgain')
    .addItem('Show what failed', 'showFailed')
    .addToUi();
}

/** Each submission is sent from now on; or else all that is missing is told. May be run again. */
function install() {
  const settings = settings_();
  if (settings.problems.length > 0) {
    tell_('Nothing was switched on', settings.problems.join('\n\n'));
    return;
  }
  const there = ScriptApp.getProjectTriggers().map((trigger) => trigger.getHandlerFunction());
  if (!there.includes('onResponse')) {
    // Whatever the form asked for until now, nobody was watching.
    properties_().setProperty('VERIFIED_SINCE', String(Date.now()));
    ScriptApp.newTrigger('onResponse').forForm(settings.form).onFormSubmit().create();
  }
  if (!there.includes('everyHour')) {
    ScriptApp.newTrigger('everyHour').timeBased().everyHours(1).create();
  }
  tell_('It is switched on', `Each submission is sent as one of the term ${settings.term}.`
    + ' Choose “Send a test” to see whether the service knows the secret.');
}

/** Shows whether address and secret are right, by a signed request that can enroll nobody. */
function sendTest() {
  const settings = settings_();
  if (settings.problems.length > 0) {
    tell_('No test was sent', settings.problems.join('\n\n'));
    return;
  }
  const origin = { kind: 'apps_script', system: settings.form.getId(), version: settings.term };
  const answer = post_(JSON.stringify({ origin }), `msg_test_${Utilities.getUuid()}`, settings);
  tell_('The test', testResult_(answer));
}

/** Sends what was submitted from a day on; goes on by itself where six minutes are not enough. */
function sendAllAgain() {
  const settings = settings_();
  if (settings.problems.length > 0) {
    tell_('Nothing was sent', settings.problems.join('\n\n'));
    return;
  }
  const from = askForDay_(settings);
  if (from === null) {
    return;
  }
  const vouched = settings.byRespondent ? askForTrust_(settings.form, from) : from;
  if (vouched === null) {
    return;
  }
  const reached = inTurn_(() => {
    beginSending_(vouched);
    return sendRest_(Date.now() + RUN);
  });
  tell_('Send all responses again', reached === null ? BUSY : progress_(reached));
}

/** Shows what failed and why, and tries it again if that is wished. */
function showFailed() {
  const entries = failed_();
  const rest = stored_('FAILED_FROM') ? '\n\nMore failed than can be kept. The rest is sent again'
    + ' by itself, an hour after there is room.' : '';
  if (entries.length === 0) {
    tell_('Show what failed', `Nothing is waiting or was refused.${rest}`);
    return;
  }
  const ui = FormApp.getUi();
  const question = `${story_(entries)}${rest}\n\nTry all of them again now?`;
  if (ui.alert('Show what failed', question, ui.ButtonSet.YES_NO) !== ui.Button.YES) {
    return;
  }
  const left = inTurn_(() => {
    retry_(() => true, Date.now() + RUN);
    return failed_().length;
  });
  tell_('Show what failed', left === null ? BUSY : `${left} of ${entries.length} are left.`);
}

/** A submission, or a change of an earlier one. Throws only if a failure cannot be noted. */
function onResponse(event) {
  const { response } = event;
  const deadline = Date.now() + RUN;
  note_(response, attempt_(() => {
    const settings = settings_();
    if (settings.verified && stored_('VERIFIED_SINCE') === null) {
      properties_().setProperty('VERIFIED_SINCE', String(response.getTimestamp().getTime()));
    }
    return deliver_(response, settings, deadline);
  }));
}

/** What failed is tried again, what was not finished goes on, and the owner is told once a day. */
function everyHour() {
  inTurn_(() => {
    const deadline = Date.now() + RUN;
    if (retry_((entry) => REASONS[entry.reason].again, deadline)) {
      takeUpOverflow_();
      sendRest_(deadline);
    }
    mailOwner_();
  });
}

/** The rest of “Send all responses again”. */
function goOn() {
  ScriptApp.getProjectTriggers()
    .filter((trigger) => trigger.getHandlerFunction() === 'goOn')
    .forEach((trigger) => ScriptApp.deleteTrigger(trigger));
  inTurn_(() => sendRest_(Date.now() + RUN));
}

// --- one response --------------------------------------------------------------------------------

/** What the delivery says; a failure of our own if it throws. */
function attempt_(delivery) {
  try {
    return delivery();
  } catch (error) {
    return failure_('fault', String(error.name)); // its text could hold an answer
  }
}

/** Null if the response was accepted, else why not: `{reason, detail}`. */
function deliver_(response, settings, deadline) {
  if (settings.byRespondent && !isTrusted_(response, settings)) {
    return failure_('unverified');
  }
  if (settings.problems.length > 0) {
    return failure_('settings');
  }
  const student = student_(response, settings);
  if (student.failure) {
    return student.failure;
  }
  const courses = courses_(response, settings);
  if (courses.failure) {
    return courses.failure;
  }
  let failure = null;
  for (const course of courses.names) { // a question with boxes asks for several courses
    const body = body_(response, student.address, course, settings);
    const one = postPatiently_(body, id_(response, body, settings), settings, deadline);
    if (isTrouble_(one)) {
      return one;
    }
    failure = failure || one; // a course that is refused does not keep the others back
  }
  return failure && failure_(failure.reason, scrubbed_(failure.detail, student.address));
}

function failure_(reason, detail = '') {
  return { reason, detail };
}

/** Whom the response is about: `{address}`, or `{failure}`. */
function student_(response, settings) {
  const given = settings.byRespondent
    ? response.getRespondentEmail() : answer_(response, settings.studentItem);
  const address = String(given || '').trim();
  if (address === '') {
    return { failure: failure_('no_student') };
  }
  // Anything else that was typed, such as a name, stays here.
  return /^[^\s@<>]+@[^\s@<>]+$/.test(address) ? { address } : { failure: failure_('no_address') };
}

/**
 * Whether Google verified who answered. A form that has ever let people type an address holds
 * typed ones, and a response does not tell which it is: those before the change are not believed.
 */
function isTrusted_(response, settings) {
  if (!settings.verified) {
    properties_().deleteProperty('VERIFIED_SINCE');
    return false;
  }
  const since = stored_('VERIFIED_SINCE');
  return since !== null && response.getTimestamp().getTime() >= Number(since);
}

/** The courses that the response asks for: `{names}`, or `{failure}`. */
function courses_(response, settings) {
  const given = answer_(response, settings.courseItem);
  const chosen = (Array.isArray(given) ? given : [given])
    .map((each) => String(each || '').trim()).filter((each) => each !== '');
  if (chosen.length === 0) {
    return { failure: failure_('no_course') };
  }
  if (settings.courses === null) {
    return { names: chosen };
  }
  const known = chosen.every((each) => settings.courses.has(each));
  return known ? { names: chosen.map((each) => settings.courses.get(each)) }
    : { failure: failure_('course_unmapped') };
}

function answer_(response, item) {
  const answered = response.getResponseForItem(item); // null if the question was left out
  return answered === null ? '' : answered.getResponse();
}

/** What is sent, as text. The term is the version: the same wish again is the same request. */
function body_(response, student, course, settings) {
  // Classroom's own names of courses; all else is the school's, and the service has a rule for it.
  const field = /^([dp]:.+|\d{10,})$/.test(course) ? 'course_id' : 'class_id';
  return JSON.stringify({
    [field]: course,
    student,
    origin: {
      kind: 'apps_script',
      system: settings.form.getId(),
      event_id: response.getId(),
      occurred_at: response.getTimestamp().toISOString(),
      version: settings.term,
    },
  });
}

/**
 * The delivery's id: a trigger that runs twice makes the same. What the request says enters, keyed,
 * because a receiver passes over an id that it knows: a corrected COURSES or TERM is another.
 */
function id_(response, body, settings) {
  const digest = Utilities.computeHmacSha256Signature(bytes_(body), settings.key);
  const mark = digest.slice(0, 8).map((b) => (b & 0xff).toString(16).padStart(2, '0')).join('');
  const id = response.getId().replace(/[^A-Za-z0-9_-]/g, '-'); // the scheme allows no full stop
  return `msg_${id}_${response.getTimestamp().getTime()}_${mark}`;
}

// --- sending -------------------------------------------------------------------------------------

/** Null if the service took it, else why not. Tries what may pass three times, with pauses. */
function postPatiently_(body, id, settings, deadline) {
  for (let tried = 1; ; tried += 1) {
    const answer = post_(body, id, settings);
    const failure = judged_(answer);
    console.log(`try ${tried}: ${answer === null ? 'no answer' : answer.status}`);
    if (failure === null || !REASONS[failure.reason].again || tried === TRIES) {
      return failure;
    }
    const pause = pause_(answer, tried);
    if (pause > LONGEST_PAUSE || Date.now() + pause > deadline) {
      return failure;
    }
    Utilities.sleep(pause);
  }
}

/** One signed request: `{status, retryAfter, text}`, or null if nothing came back. */
function post_(body, id, settings) {
  const timestamp = String(Math.floor(Date.now() / SECOND));
  const signed = bytes_(`${id}.${timestamp}.${body}`);
  const signature = Utilities.computeHmacSha256Signature(signed, settings.key);
  try {
    const answer = UrlFetchApp.fetch(settings.url, {
      method: 'post',
      contentType: 'application/json',
      payload: bytes_(body), // the very bytes that were signed, whatever Google makes of a string
      followRedirects: false, // or a wrong URL would hand the request to a stranger
      muteHttpExceptions: true, // else the error's text holds the beginning of the answer
      headers: {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${Utilities.base64Encode(signature)}`,
      },
    });
    const status = answer.getResponseCode();
    return { status, retryAfter: retryAfter_(answer), text: answer.getContentText() };
  } catch (error) {
    return null; // no name, no route, no certificate, Google's own quota: each may pass
  }
}

/** UTF-8, as the signed bytes (-128 to 127) that Apps Script's own functions take. */
function bytes_(text) {
  return Utilities.newBlob(text).getBytes();
}

/** The header Retry-After in whichever of its two forms, in milliseconds; null without it. */
function retryAfter_(answer) {
  const headers = answer.getAllHeaders();
  const name = Object.keys(headers).find((each) => each.toLowerCase() === 'retry-after');
  if (name === undefined) {
    return null;
  }
  const value = String(headers[name]);
  const wait = /^\d+$/.test(value) ? Number(value) * SECOND : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? null : Math.max(wait, 0);
}

function pause_(answer, tried) {
  const asked = answer === null ? null : answer.retryAfter;
  return asked === null ? PAUSES[tried - 1] : asked;
}

/** Null for any 2xx, else the failure that the answer is. */
function judged_(answer) {
  if (answer === null) {
    return failure_('unreachable');
  }
  const { status } = answer;
  if (status >= 200 && status < 300) {
    return null;
  }
  if (status === 429 || status >= 500) {
    return failure_('unavailable', String(status));
  }
  if (status === 401) {
    return failure_('unauthorized');
  }
  return status === 422 ? failure_('refused', pointers_(answer.text))
    : failure_('unexpected', String(status));
}

/** What a problem document says, such as “/course_id: no course of this source”. */
function pointers_(text) {
  try {
    const { errors } = JSON.parse(text);
    return errors.map((each) => `${each.pointer}: ${each.detail || each.code}`).join('; ');
  } catch (error) {
    return '422';
  }
}

/** The text without what could be an address, and short. */
function scrubbed_(text, student) {
  return text.split(student).join('[…]').replace(/\S+@\S+/g, '[…]').slice(0, DETAIL_SIZE);
}

/** What a test's answer means, in a sentence. */
function testResult_(answer) {
  const failure = judged_(answer);
  if (failure === null || failure.reason === 'refused') { // it names no student and no course
    return 'The service is there and knows the secret. The test names no student, so nobody was'
      + ' enrolled.';
  }
  return `${REASONS[failure.reason].text} ${failure.detail}`.trim();
}

// --- settings ------------------------------------------------------------------------------------

/** The settings, with everything that is wrong with them in `problems`. */
function settings_() {
  const given = properties_().getProperties();
  const form = FormApp.getActiveForm();
  const problems = [];
  const wanted = (given.STUDENT_QUESTION || 'respondent').trim();
  const byRespondent = wanted === 'respondent';
  const courses = readCourses_(given.COURSES, problems);
  const settings = {
    form,
    problems,
    byRespondent,
    courses,
    url: readUrl_(given.URL, problems),
    key: readSecret_(given.SECRET, problems),
    term: readTerm_(given.TERM, problems),
    courseItem: question_(form, 'COURSE_QUESTION', given.COURSE_QUESTION, problems),
    studentItem: byRespondent ? null : question_(form, 'STUDENT_QUESTION', wanted, problems),
    verified: byRespondent && isVerified_(form, given.RESPONDENT_VERIFIED, problems),
  };
  checkCourseQuestion_(settings.courseItem, courses, problems);
  return settings;
}

function readUrl_(url, problems) {
  if (!/^https:\/\/[^\s/]+\/\S+$/.test((url || '').trim())) {
    problems.push('URL is missing or no https address: it is where the service takes this form’s'
      + ' requests, such as https://…/office-form.');
  }
  return (url || '').trim();
}

/** The key's bytes. The scheme asks for 24 to 64 of them, in standard base64 behind whsec_. */
function readSecret_(secret, problems) {
  const found = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec((secret || '').trim());
  const key = found && found[1].length % 4 === 0 ? Utilities.base64Decode(found[1]) : [];
  if (key.length < 24 || key.length > 64) {
    problems.push('SECRET is missing or not whsec_ with 24 to 64 bytes in base64 (with + and /,'
      + ' not - and _): take it as whoever runs the service gave it.');
  }
  return key;
}

function readTerm_(term, problems) {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test((term || '').trim())) {
    problems.push('TERM is missing or has other than letters, digits, . _ and -: it names the'
      + ' school term, such as 2026-fall.');
  }
  return (term || '').trim();
}

/** The map from an answer to a course, or null if answers are courses themselves. */
function readCourses_(text, problems) {
  if (!text || text.trim() === '') {
    return null;
  }
  const wrong = 'COURSES is not a JSON object from answers to courses, such as'
    + ' {"Algebra 1 (Mr Lee)": "d:MATH-101-3"}.';
  try {
    const given = JSON.parse(text);
    const pairs = Object.entries(given);
    const isCourse = (value) => typeof value === 'string' && value.trim() !== '';
    if (Array.isArray(given) || pairs.length === 0 || !pairs.every((pair) => isCourse(pair[1]))) {
      problems.push(wrong);
    }
    return new Map(pairs.map((pair) => [pair[0].trim(), String(pair[1]).trim()]));
  } catch (error) {
    problems.push(wrong);
    return new Map();
  }
}

/** The one question with this title or item id, or null with a problem. */
function question_(form, name, wanted, problems) {
  const sought = (wanted || '').trim();
  const found = form.getItems().filter((item) => sought !== ''
    && (String(item.getId()) === sought || item.getTitle().trim() === sought));
  if (found.length === 1) {
    return found[0];
  }
  const fact = found.length > 1 ? 'names more than one question' : 'names no question of this form';
  problems.push(`${name} ${sought === '' ? 'is missing' : fact}: it is a question’s title, exactly`
    + ' as in the form, or its item id.');
  return null;
}

/** Free text would give whoever answers every course that the service may reach. */
function checkCourseQuestion_(item, courses, problems) {
  if (item === null) {
    return;
  }
  const choices = ['LIST', 'MULTIPLE_CHOICE', 'CHECKBOX'];
  const allowed = courses === null ? choices : [...choices, 'TEXT'];
  if (!allowed.includes(String(item.getType()))) {
    problems.push('COURSE_QUESTION is not a question with choices: make it a drop-down, multiple'
      + ' choice or checkboxes (or, with COURSES, a short answer).');
  }
}

/**
 * Whether only an address that Google verified reaches us; a problem if not.
 *
 * The reference documents collectsEmail() alone, which is also true where people type an address:
 * https://developers.google.com/apps-script/reference/forms/form#collectsEmail()
 * What tells them apart, getEmailCollectionType(), is there but not in it. Should Google take it
 * back, only a person can look, and says so in the property RESPONDENT_VERIFIED.
 */
function isVerified_(form, word, problems) {
  const type = collectionType_(form);
  if (type === 'VERIFIED' || (type === 'UNKNOWN' && (word || '').trim() === 'yes')) {
    return true;
  }
  problems.push(type === 'UNKNOWN'
    ? 'Google does not say whether this form verifies addresses. Look in the form under Settings →'
      + ' Responses: if “Collect email addresses” is “Verified”, set RESPONDENT_VERIFIED to yes.'
    : 'The form does not verify addresses, so anyone could type anybody’s: set “Collect email'
      + ' addresses” to “Verified” in the form under Settings → Responses.');
  return false;
}

function collectionType_(form) {
  if (!form.collectsEmail()) {
    return 'DO_NOT_COLLECT';
  }
  try {
    return String(form.getEmailCollectionType());
  } catch (error) {
    return 'UNKNOWN';
  }
}

// --- what failed ---------------------------------------------------------------------------------

/** Keeps a failure, by the response's id and the reason alone, or forgets an earlier one. */
function note_(response, failure) {
  const id = response.getId();
  if (failure === null && !failed_().some((entry) => entry.id === id)) {
    return; // nearly always, and without a lock
  }
  locked_(() => {
    const others = failed_().filter((entry) => entry.id !== id);
    if (failure === null) {
      keep_(others);
    } else if (!keep_([...others, { id, ...failure }])) {
      const at = response.getTimestamp().getTime();
      const from = Math.min(at, Number(stored_('FAILED_FROM') || at));
      properties_().setProperty('FAILED_FROM', String(from));
    }
  });
}

/** All that is kept, oldest first: `{id, reason, detail}`. */
function failed_() {
  const given = properties_().getProperties();
  const entries = [];
  for (let part = 1; given[`FAILED_${part}`] !== undefined; part += 1) {
    entries.push(...JSON.parse(given[`FAILED_${part}`]));
  }
  return entries.map((entry) => (REASONS[entry.reason] ? entry : { ...entry, reason: 'fault' }));
}

/** Stores them in place of what was kept; false, and nothing is changed, if there is no room. */
function keep_(entries) {
  const parts = [''];
  for (const entry of entries) {
    const text = ascii_(JSON.stringify(entry));
    const last = parts.length - 1;
    if (parts[last].length + text.length < PART_SIZE) {
      parts[last] += parts[last] === '' ? text : `,${text}`;
    } else {
      parts.push(text);
    }
  }
  if (parts.length > MOST_PARTS) {
    return false;
  }
  const filled = parts.filter((part) => part !== '');
  filled.forEach((part, at) => properties_().setProperty(`FAILED_${at + 1}`, `[${part}]`));
  properties_().getKeys()
    .filter((key) => /^FAILED_\d+$/.test(key) && Number(key.slice(7)) > filled.length)
    .forEach((key) => properties_().deleteProperty(key));
  return true;
}

/** JSON in ASCII, so that its length is its size in bytes. */
function ascii_(json) {
  const escape = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(/[^\x20-\x7e]/g, escape);
}

/** Tries the chosen ones again; false if there was no time or no service for all of them. */
function retry_(isChosen, deadline) {
  const settings = settings_();
  let troubles = 0;
  for (const entry of failed_().filter(isChosen)) {
    if (troubles === TROUBLES || Date.now() > deadline) {
      return false;
    }
    const response = response_(settings.form, entry.id);
    if (response === null) { // somebody has deleted it in the form
      locked_(() => keep_(failed_().filter((each) => each.id !== entry.id)));
    } else {
      const failure = attempt_(() => deliver_(response, settings, deadline));
      note_(response, failure); // at the end of the list, so that no response keeps others waiting
      troubles = isTrouble_(failure) ? troubles + 1 : 0;
    }
  }
  return troubles < TROUBLES;
}

/** Whether the next response would fare no better. */
function isTrouble_(failure) {
  const troubles = ['unreachable', 'unavailable', 'unauthorized'];
  return failure !== null && troubles.includes(failure.reason);
}

/** The response as it is now; null only if the form has none of this id. */
function response_(form, id) {
  try {
    return form.getResponse(id);
  } catch (error) { // no such response, or a passing trouble of Google's
    return form.getResponses().find((response) => response.getId() === id) || null;
  }
}

/** Tells whoever set this up, once a day at most: numbers and remedies, nothing about anybody. */
function mailOwner_() {
  const entries = failed_();
  if (entries.length === 0 || Date.now() - Number(stored_('MAILED_AT') || 0) < DAY) {
    return;
  }
  const lines = Object.keys(REASONS).map((reason) => {
    const count = entries.filter((entry) => entry.reason === reason).length;
    return count === 0 ? '' : `${count}: ${REASONS[reason].text}\n`;
  });
  const where = `Open the form, ${FormApp.getActiveForm().getEditUrl()}, and choose Enrollment →`
    + ' Show what failed. It says more, and tries them again.';
  try {
    MailApp.sendEmail(Session.getEffectiveUser().getEmail(),
      `Form responses that did not reach the enrollment service: ${entries.length}`,
      `${lines.join('')}\n${where}\n`);
  } catch (error) { // the day's number of mails is used up: the next hour tries again
    console.warn('no mail could be sent');
    return;
  }
  properties_().setProperty('MAILED_AT', String(Date.now()));
}

/** What “Show what failed” shows: per reason its number, what to do, and the latest of them. */
function story_(entries) {
  const form = FormApp.getActiveForm();
  const told = Object.keys(REASONS).map((reason) => {
    const those = entries.filter((entry) => entry.reason === reason);
    const lines = those.slice(-5).map((entry) => {
      const response = response_(form, entry.id);
      const at = response === null ? 'deleted' : Utilities.formatDate(
        response.getTimestamp(), Session.getScriptTimeZone(), 'yyyy-MM-dd HH:mm',
      );
      return `   response of ${at} ${entry.detail}`.trimEnd();
    });
    return those.length === 0 ? null
      : [`${those.length}: ${REASONS[reason].text}`, ...lines].join('\n');
  });
  return told.filter((each) => each !== null).join('\n\n');
}

// --- sending all again ---------------------------------------------------------------------------

function beginSending_(from) {
  const state = { from, after: null, sent: 0, failed: 0 };
  properties_().setProperty('SENDING', JSON.stringify(state));
}

/** Goes on where the last run stopped. How far it came, or null if there is nothing to send. */
function sendRest_(deadline) {
  const state = JSON.parse(stored_('SENDING'));
  if (state === null) {
    return null;
  }
  const settings = settings_();
  let troubles = 0;
  for (const { response, at, id } of rest_(settings.form, state)) {
    if (troubles === TROUBLES || settings.problems.length > 0) {
      return { ...state, later: 'within the hour' }; // by the hourly trigger
    }
    if (Date.now() > deadline) {
      goOnSoon_();
      return { ...state, later: 'in a minute' };
    }
    const failure = attempt_(() => deliver_(response, settings, deadline));
    note_(response, failure);
    troubles = isTrouble_(failure) ? troubles + 1 : 0;
    state[failure === null ? 'sent' : 'failed'] += 1;
    state.after = { at, id };
    properties_().setProperty('SENDING', JSON.stringify(state));
  }
  properties_().deleteProperty('SENDING');
  return { ...state, later: null };
}

/** The responses that are not sent yet, in an order that stays the same from run to run. */
function rest_(form, { from, after }) {
  return from_(form, from)
    .sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))
    .filter(({ at, id }) => after === null || at > after.at || (at === after.at && id > after.id));
}

function from_(form, from) {
  const found = from > 0 ? form.getResponses(new Date(from - SECOND)) : form.getResponses();
  return found
    .map((response) => ({ response, at: response.getTimestamp().getTime(), id: response.getId() }))
    .filter(({ at }) => at >= from);
}

function goOnSoon_() {
  const there = ScriptApp.getProjectTriggers().map((trigger) => trigger.getHandlerFunction());
  if (!there.includes('goOn')) {
    ScriptApp.newTrigger('goOn').timeBased().after(MINUTE).create();
  }
}

/** What was too much to keep is sent again as a whole, from its first response on. */
function takeUpOverflow_() {
  const from = stored_('FAILED_FROM');
  const isRoomAgain = stored_(`FAILED_${MOST_PARTS / 2}`) === null; // or it would be so each hour
  if (from !== null && isRoomAgain && stored_('SENDING') === null) {
    beginSending_(Number(from));
    properties_().deleteProperty('FAILED_FROM');
  }
}

function progress_(state) {
  const reached = `${state.sent} were accepted, ${state.failed} were not.`;
  const remedy = state.failed > 0 ? ' “Show what failed” says why.' : '';
  const more = state.later === null ? 'That was all.'
    : `It goes on by itself ${state.later}; you may close the form.`;
  return `${reached}${remedy} ${more}`;
}

/** The beginning of the day that is given, in milliseconds; 0 for all, null to leave it. */
function askForDay_(settings) {
  const ui = FormApp.getUi();
  const asked = ui.prompt('Send all responses again', 'From which day on (such as 2026-08-24)?'
    + ` Empty: every response that the form holds. All count as of the term ${settings.term}; what`
    + ' was accepted for this term before is not done twice.', ui.ButtonSet.OK_CANCEL);
  if (asked.getSelectedButton() !== ui.Button.OK) {
    return null;
  }
  const text = asked.getResponseText().trim();
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (text !== '' && day === null) {
    tell_('Nothing was sent', 'Write the day as year-month-day, for example 2026-08-24.');
    return null;
  }
  return text === '' ? 0 : new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3])).getTime();
}

/** From when on to send, once a person answers for responses older than the set-up; else null. */
function askForTrust_(form, from) {
  const since = Number(stored_('VERIFIED_SINCE') || Date.now());
  const older = from_(form, from).filter(({ at }) => at < since).length;
  if (older === 0) {
    return from;
  }
  const ui = FormApp.getUi();
  const answer = ui.alert('Send all responses again', 'Responses that came before this script knew'
    + ` that the form verifies addresses: ${older}. Was “Collect email addresses” set to “Verified”`
    + ' for all of them? (No: only the later ones are sent.)', ui.ButtonSet.YES_NO_CANCEL);
  if (answer === ui.Button.YES) {
    properties_().setProperty('VERIFIED_SINCE', String(from));
    return from;
  }
  return answer === ui.Button.NO ? since : null;
}

// --- one at a time, and what is stored -----------------------------------------------------------

const BUSY = 'Another run is at work. Choose it again in a few minutes.';

/**
 * What the action returns; null if another run has the turn. A lock would not do: Google takes it
 * away while a dialog is open, and short changes need it meanwhile.
 * https://developers.google.com/apps-script/reference/base/ui#alert(String)
 */
function inTurn_(action) {
  const isMine = locked_(() => {
    const now = Date.now();
    if (Number(stored_('TURN_UNTIL') || 0) > now) {
      return false;
    }
    properties_().setProperty('TURN_UNTIL', String(now + TURN));
    return true;
  });
  if (!isMine) {
    return null;
  }
  try {
    return action();
  } finally {
    properties_().deleteProperty('TURN_UNTIL');
  }
}

/** One short change at a time. Throws if another takes longer than 30 seconds. */
function locked_(change) {
  const lock = LockService.getScriptLock();
  if (!lock.tryLock(30 * SECOND)) {
    throw new Error('Enrollment: another run kept its lock; nothing was noted. Choose “Send all'
      + ' responses again” from the day of this error.');
  }
  try {
    return change();
  } finally {
    lock.releaseLock();
  }
}

function properties_() {
  return PropertiesService.getScriptProperties();
}

/** The stored text, or null. */
function stored_(name) {
  return properties_().getProperty(name);
}

function tell_(title, text) {
  const ui = FormApp.getUi();
  ui.alert(title, text, ui.ButtonSet.OK);
}
