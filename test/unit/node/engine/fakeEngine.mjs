// An engine that behaves well or badly; the path of the first source says how.

const [modelDir] = process.argv.slice(2);
const say = (m) => process.connected && process.send(m);
const jobs = new Map();
let stuck = false; // it answers nothing any more

process.on('message', (m) => {
  if (m.kind === 'shutdown') process.exit(0);
  if (m.kind === 'cancel') {
    const timer = jobs.get(m.id);
    if (timer === undefined) return; // deaf
    clearTimeout(timer);
    jobs.delete(m.id);
    say({ kind: 'cancelled', id: m.id });
    return;
  }
  if (stuck) return;
  const sources = m.request.sources ?? [m.request.source];
  const { path } = sources[0];
  // "ends STAGE FAULT": the process ends in this stage of the text, unless FAULT is known of it.
  const last = sources.find((s) => s.path.startsWith('ends ') && !s.path.endsWith(` ${s.grammarFault}`));
  if (last) {
    const stage = last.path.split(' ')[1];
    say({ kind: 'progress', id: m.id, progress: { stage, path: last.path, done: 0, total: 1 } });
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20);
    return;
  }
  const done = () => {
    jobs.delete(m.id);
    const env = {
      telemetry: process.env.ORT_DISABLE_TELEMETRY,
      asNode: process.env.ELECTRON_RUN_AS_NODE,
      args: process.execArgv,
    };
    say({
      kind: 'result',
      id: m.id,
      result: {
        pid: process.pid,
        path,
        fault: sources[0].grammarFault,
        faults: sources.map((s) => s.grammarFault),
        env,
        scores: Float32Array.of(0.5, 2),
      },
    });
  };
  if (path === 'crash') {
    process.stderr.write('native trouble\n');
    process.exit(7);
  } else if (path === 'hard' && !m.request.sources[0].grammarFault) {
    // Its parent takes it for a process that did not get past the grammar of this text.
    say({ kind: 'progress', id: m.id, progress: { stage: 'parse', path, done: 0, total: 1 } });
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20);
  } else if (path === 'parsing') {
    say({ kind: 'progress', id: m.id, progress: { stage: 'parse', path, done: 0, total: 1 } });
    jobs.set(m.id, setTimeout(done, 400));
  } else if (path === 'breaks' && !m.request.sources[0].grammarFault) {
    say({ kind: 'grammarFault', id: m.id, path });
    setTimeout(() => process.exit(0), 20);
  } else if (path === 'last words' && !sources[0].grammarFault)
    process.send({ kind: 'grammarFault', id: m.id, path, much: new Uint8Array(5e6) }, undefined, {}, () =>
      process.exit(0),
    );
  else if (path === 'fail') say({ kind: 'failure', id: m.id, reason: 'modelMissing', detail: 'observer.onnx' });
  else if (path === 'deaf' || path === 'held' || path === 'slow') {
    say({ kind: 'progress', id: m.id, progress: { stage: 'read', done: 1, total: 9 } });
    if (path === 'deaf') stuck = true;
    else jobs.set(m.id, path === 'slow' ? setTimeout(done, 400) : 'held');
  } else done();
});
process.on('disconnect', () => process.exit(0));

if (modelDir === 'dies') process.exit(3);
else if (modelDir !== 'mute') say({ kind: 'ready', id: 0 });
