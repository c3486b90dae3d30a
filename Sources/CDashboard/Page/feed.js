// The files beside the page: which there are, when they changed, and what could not be read.

const feed = {
  /** What was read last, by name. */
  files: {},
  /** Digests of these, as the manifest names them. */
  digests: {},
  /** Why a file could not be read, by name. */
  faults: {},
  manifest: null,
  /** Whether all files are of the manifest's generation. */
  isSettled: false,
  /** Why the manifest could not be read. */
  fault: null,
  /** The server's clock less ours, seconds. */
  skew: 0,
};

/** Small files first: the first three make the first picture. */
const waves = [
  ["dashboard", "leaderboard", "performance"],
  ["positions", "alerts", "runs"],
  ["trades", "conversations"],
];

async function readFile(name) {
  let response;
  try {
    response = await fetch(`data/${name}.json`, { cache: "no-cache", credentials: "same-origin" });
  } catch {
    throw new Error("the server did not answer");
  }
  const date = Date.parse(response.headers.get("date") ?? "");
  if (Number.isFinite(date)) {
    const skew = (date - Date.now()) / 1000;
    feed.skew = Math.abs(skew) > 90 ? skew : 0;
  }
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  try {
    return await response.json();
  } catch {
    throw new Error("it is not JSON");
  }
}

/** Files of the first picture that were asked for before the manifest came, by name. */
const early = new Map();

/**
 * Asks for the files of the first picture at once: waiting for the manifest takes a round trip.
 * The page's head has the browser fetch them while it still reads the page.
 */
function askEarly() {
  for (const name of waves[0]) {
    const answer = readFile(name);
    // A fault is met by who waits for the answer; nobody may.
    answer.catch(() => null);
    early.set(name, answer);
  }
}

/** Files that tell no time and were shown on trust: they are read again once the rest is there. */
const trusted = new Set();

/** A file; one that was asked for early counts unless it tells another time than the manifest. */
async function readCurrent(name) {
  const answer = early.get(name);
  early.delete(name);
  const file = await answer?.catch(() => null);
  if (!file || !feed.manifest) return readFile(name);
  if (file.serverTime === undefined) trusted.add(name);
  else if (file.serverTime !== feed.manifest.at_ms) return readFile(name);
  return file;
}

/** Reads what was shown on trust; says what was of another generation. */
async function readTrusted() {
  const names = [...trusted];
  trusted.clear();
  const shown = names.map((name) => JSON.stringify(feed.files[name]));
  for (const name of names) delete feed.digests[name];
  await readWave(names);
  return names.filter((name, index) => JSON.stringify(feed.files[name]) !== shown[index]);
}

/** Now by the server's clock, unix seconds. */
const now = () => Date.now() / 1000 + feed.skew;

async function readManifest() {
  try {
    feed.manifest = await readFile("manifest");
    feed.fault = null;
    return true;
  } catch (error) {
    feed.fault = error.message;
    return false;
  }
}

const digestOf = (name) =>
  feed.manifest?.files?.find?.((file) => file.name === `${name}.json`)?.sha256 ?? null;

/** Reads the files of a wave that changed; says which did. */
async function readWave(names) {
  const changed = [];
  await Promise.all(names.map(async (name) => {
    const digest = digestOf(name);
    if (digest !== null && feed.digests[name] === digest) return;
    if (feed.manifest && digest === null) {
      feed.faults[name] = "this arena does not export such a file";
      if (name in feed.files || !(name in feed.digests)) changed.push(name);
      delete feed.files[name];
      feed.digests[name] = null;
      return;
    }
    try {
      feed.files[name] = await readCurrent(name);
      feed.digests[name] = digest;
      delete feed.faults[name];
    } catch (error) {
      feed.faults[name] = error.message;
    }
    changed.push(name);
  }));
  return changed;
}

/**
 * Reads a generation, wave by wave. When the arena published another one meanwhile, the files may
 * be of both: they are read again, and only what changed travels.
 */
async function readGeneration(show) {
  feed.isSettled = false;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const generation = feed.manifest?.generation;
    for (const read of [...waves.map((names) => () => readWave(names)), readTrusted]) {
      const changed = await read();
      if (changed.length > 0) show(changed);
    }
    if (!(await readManifest())) return;
    if (feed.manifest.generation === generation) {
      feed.isSettled = true;
      return;
    }
  }
}

/** Looks for a new generation again and again, less often while there is no answer. */
function follow(show, beat) {
  const pace = { usual: 10, longest: 120 };
  let wait = pace.usual;
  let timer = 0;
  let isReading = false;
  const look = async () => {
    if (isReading || document.hidden) return;
    isReading = true;
    clearTimeout(timer);
    let isRead = false;
    try {
      const before = feed.manifest?.generation;
      isRead = await readManifest();
      const isNew = isRead && feed.manifest.generation !== before;
      if (isRead && (isNew || !feed.isSettled || Object.keys(feed.faults).length > 0)) {
        await readGeneration(show);
      }
    } catch (error) {
      // Whatever went wrong with one reading, the next one may go well.
      feed.fault = `the page could not show it: ${error.message}`;
    } finally {
      wait = isRead ? pace.usual : Math.min(pace.longest, wait * 2);
      isReading = false;
      timer = setTimeout(look, wait * 1000);
    }
    beat();
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("online", look);
  timer = setTimeout(look, wait * 1000);
}
