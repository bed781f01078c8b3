// Does the scenarios with kafkajs against one broker; prints {"scenario":…,"outcome":…} a line each. The arguments: its address, that where clients log in,
// that where they use TLS, the file of the authority for the latter; a user, the password, another one.
'use strict';
const { randomUUID } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { Kafka, CompressionTypes, ConfigResourceTypes, logLevel } = require('kafkajs');

const [bootstrap, sasl, tls, authority, username, password, wrongPassword] = process.argv.slice(2);
const LIMIT = 45_000;
// A coordinator or leader that is only just coming up is waited for, which takes seconds on a busy machine.
const connectTo = (broker, settings = {}) => new Kafka({
  clientId: 'conformance', brokers: [broker], logLevel: logLevel.NOTHING, retry: { retries: 12, initialRetryTime: 100, maxRetryTime: 1_000 }, ...settings,
});
const kafka = connectTo(bootstrap);

// This client also retries errors that a scenario expects.
const impatient = connectTo(bootstrap, { retry: { retries: 1, initialRetryTime: 100 } });

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function until(condition, what) {
  for (const end = Date.now() + LIMIT; Date.now() < end; await sleep(20)) {
    if (await condition()) return;
  }
  throw new Error(`not in time: ${what}`);
}

async function withAdmin(use, on = kafka) {
  const admin = on.admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

async function withProducer(use, settings = {}, on = kafka) {
  const producer = on.producer(settings);
  await producer.connect();
  try {
    return await use(producer);
  } finally {
    await producer.disconnect();
  }
}

// Topics are made before they are used: this client gives up on one whose creation takes a moment. On Apache Kafka an answered creation may be
// unknown to metadata for a moment more, so this waits until each partition has a leader. Gives what describes the topic then.
async function create(admin, topic, numPartitions) {
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions }] });
  return leaders(admin, topic, numPartitions);
}

async function leaders(admin, topic, numPartitions) {
  let described;
  await until(async () => {
    try {
      ({ topics: [described] } = await admin.fetchTopicMetadata({ topics: [topic] }));
    } catch (error) {
      if (!['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'].includes(error.type)) throw error;
      return false;
    }
    return described.partitions.length === numPartitions && described.partitions.every(partition => partition.leader >= 0);
  }, `${topic} has leaders`);
  return described;
}

const make = (topic, numPartitions = 1, on = kafka) => withAdmin(admin => create(admin, topic, numPartitions), on);

const numbered = count => Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: `v${i}`, partition: 0 }));

async function send(topic, messages, { compression = CompressionTypes.None, settings = {}, on = kafka } = {}) {
  await make(topic, 1, on);
  await withProducer(producer => producer.send({ topic, acks: -1, messages, compression }), settings, on);
}

// A consumer of the group named as the topic; ends when `done` says so, which is asked with each record once: a member that was silent for too long, on
// a busy machine, joins again and reads from the start.
async function consume(topic, done, { settings = {}, fromBeginning = true, started = async () => {}, commit = false, on = kafka } = {}) {
  const consumer = on.consumer({ groupId: topic, heartbeatInterval: 200, sessionTimeout: 6_000, maxWaitTimeInMs: 200, ...settings });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning });
  let isDone = false;
  const next = new Map();
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      if (isDone || Number(message.offset) < (next.get(partition) ?? 0)) return;
      next.set(partition, Number(message.offset) + 1);
      if (commit) await consumer.commitOffsets([{ topic, partition, offset: `${Number(message.offset) + 1}` }]);
      isDone = done(message, partition);
    },
  });
  try {
    await started(consumer);
    await until(() => isDone, `records of ${topic}`);
  } finally {
    await consumer.disconnect();
  }
}

async function read(topic, count, on = kafka) {
  const records = [];
  await consume(topic, (message, partition) => records.push({ ...message, partition }) === count, { on });
  return records;
}

function inOrder(records, count) {
  const isRight = records.every((r, i) => r.key.toString() === `k${i}` && r.value.toString() === `v${i}`);
  return `${records.length} of ${count} ${isRight ? 'in order' : 'mixed up'}`;
}

async function failure(act) {
  try {
    await act();
    return 'no error';
  } catch (e) {
    // Some errors come inside of others.
    const error = e.errors?.[0] ?? e.cause ?? e;
    return error.type ?? `${error.name}: ${error.message}`;
  }
}

const codec = compression => async topic => {
  await send(topic, numbered(20), { compression });
  return inOrder(await read(topic, 20), 20);
};

async function many(topic) {
  await send(topic, numbered(20_000));
  return `20000 sent, ${(await read(topic, 20_000)).length} there`;
}

async function acknowledgements(topic) {
  await make(topic);
  return withProducer(async producer => {
    const offsets = [];
    for (let i = 0; i < 5; i++) offsets.push((await producer.send({ topic, acks: -1, messages: [{ value: 'v' }] }))[0].baseOffset);
    return offsets.join(' ');
  });
}

async function headers(topic) {
  await send(topic, [{ value: 'v', headers: { a: ['1', '2'], b: '' } }]);
  const [record] = await read(topic, 1);
  return Object.entries(record.headers).flatMap(([name, values]) => [values].flat().map(value => `${name}=${value}`)).join(' ');
}

async function nulls(topic) {
  await send(topic, [{ key: null, value: null }]);
  const [record] = await read(topic, 1);
  return `${record.key} ${record.value}`;
}

async function bigRecord(topic) {
  await send(topic, [{ value: 'x'.repeat(900_000) }]);
  return `${(await read(topic, 1))[0].value.length} bytes`;
}

const tooLarge = topic => failure(() => send(topic, [{ value: 'x'.repeat(2_000_000) }]));

async function keyedOrder(topic) {
  await make(topic, 3);
  const messages = Array.from({ length: 300 }, (_, i) => ({ key: `k${i % 10}`, value: `${i}` }));
  await withProducer(producer => producer.send({ topic, acks: -1, messages }));
  const keys = groupBy(await read(topic, 300));
  const isRight = [...keys.values()].every(records =>
    new Set(records.map(r => r.partition)).size === 1 && records.every((r, i) => i === 0 || Number(records[i - 1].value) < Number(r.value)));
  return `${keys.size} keys, ${isRight ? 'each in one partition and in order' : 'mixed up'}`;
}

function groupBy(records) {
  const groups = new Map();
  for (const record of records) groups.set(`${record.key}`, [...(groups.get(`${record.key}`) ?? []), record]);
  return groups;
}

async function idempotence(topic) {
  await send(topic, numbered(100), { settings: { idempotent: true, maxInFlightRequests: 1 } });
  return inOrder(await read(topic, 100), 100);
}

async function join(topic) {
  const consumer = kafka.consumer({ groupId: topic, heartbeatInterval: 100, sessionTimeout: 6_000, maxWaitTimeInMs: 100, rebalanceTimeout: 5_000 });
  const member = { owned: 0, seen: 0, leave: () => consumer.disconnect() };
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => { member.owned = (payload.memberAssignment[topic] ?? []).length; });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: async () => { member.seen++; } });
  return member;
}

async function settle(members, wanted) {
  const shares = () => members.map(member => member.owned).sort().join('+');
  await until(() => shares() === wanted, wanted);
  return shares();
}

async function group(topic) {
  await make(topic, 3);
  const members = [];
  const shares = [];
  for (const wanted of ['3', '1+2', '1+1+1']) {
    members.push(await join(topic));
    shares.push(await settle(members, wanted));
  }
  await members.shift().leave();
  shares.push(await settle(members, '1+2'));
  for (const member of members) await member.leave();
  return shares.join(', ');
}

async function commit(topic) {
  await send(topic, numbered(10));
  await consume(topic, message => message.offset === '4', { commit: true });
  let from;
  await consume(topic, message => { from ??= message.offset; return true; });
  return `from ${from}`;
}

async function seek(topic) {
  await send(topic, numbered(10));
  let from;
  // From the end, where nothing is read without the seek.
  await consume(topic, message => { from ??= message.offset; return true; }, {
    fromBeginning: false,
    started: async consumer => consumer.seek({ topic, partition: 0, offset: '3' }),
  });
  return `from ${from}`;
}

async function byTime(topic) {
  // Recent, or retention may delete the records under the test.
  const start = Date.now() - 60_000;
  await send(topic, Array.from({ length: 10 }, (_, i) => ({ value: 'v', timestamp: `${start + i * 1_000}`, partition: 0 })));
  return withAdmin(async admin => {
    const [found] = await admin.fetchTopicOffsetsByTimestamp(topic, start + 4_500);
    const [after] = await admin.fetchTopicOffsetsByTimestamp(topic, start + 99_000);
    // It gives the end where the broker says that there is none.
    return `${found.offset} ${after.offset === '10' ? 'none' : after.offset}`;
  });
}

async function resetEarliest(topic) {
  await send(topic, numbered(5));
  return `from ${(await read(topic, 1))[0].offset}`;
}

async function topics(topic) {
  return withAdmin(async admin => {
    const described = await create(admin, topic, 3);
    // This client takes "exists already" for an answer, not an error.
    const again = await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] }) === false ? 'TOPIC_ALREADY_EXISTS' : 'created';
    await admin.deleteTopics({ topics: [topic] });
    await until(async () => !(await admin.listTopics()).includes(topic), 'the topic is gone');
    return `${described.partitions.length} partitions, ${again}, gone`;
  });
}

const deleteUnknown = topic => failure(() => withAdmin(admin => admin.deleteTopics({ topics: [topic] }), impatient));

const refused = settings => topic => failure(() => withAdmin(admin => admin.createTopics({ topics: [{ topic, ...settings }] }), impatient));

// Kafka shows a setting a moment after it answered.
async function retention(admin, topic) {
  let value;
  await until(async () => {
    try {
      const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['retention.ms'] }] });
      value = resources[0].configEntries[0].configValue;
      return value === '1234567';
    } catch (e) {
      if (e.type !== 'UNKNOWN_TOPIC_OR_PARTITION') throw e;
      return false;
    }
  }, 'the setting is there');
  return `retention.ms ${value}`;
}

const topicConfig = topic => withAdmin(async admin => {
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, configEntries: [{ name: 'retention.ms', value: '1234567' }] }] });
  return retention(admin, topic);
});

const alterConfig = topic => withAdmin(async admin => {
  await create(admin, topic, 1);
  const configEntries = [{ name: 'retention.ms', value: '1234567' }];
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }] });
  return retention(admin, topic);
});

const brokerConfig = () => withAdmin(async admin => {
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.BROKER, name: '1', configNames: ['node.id'] }] });
  return `node.id ${resources[0].configEntries[0].configValue}`;
});

async function listOffsets(topic) {
  await send(topic, numbered(10));
  const [{ low, high }] = await withAdmin(admin => admin.fetchTopicOffsets(topic));
  return `${low} to ${high}`;
}

async function groupOffsets(topic) {
  await commit(topic);
  return withAdmin(async admin => {
    const [{ partitions: [{ offset }] }] = await admin.fetchOffsets({ groupId: topic, topics: [topic] });
    const [{ high }] = await admin.fetchTopicOffsets(topic);
    return `${offset} of ${high}`;
  });
}

async function resetOffsets(topic) {
  await commit(topic);
  await withAdmin(admin => admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: '3' }] }));
  let from;
  await consume(topic, message => { from ??= message.offset; return true; });
  return `from ${from}`;
}

// A log is compacted only up to the file that is written to, and the next file begins with a record: so one more is sent each time before it looks.
async function compaction(topic) {
  await withAdmin(admin => admin.createTopics({
    waitForLeaders: false,
    topics: [{ topic, configEntries: [{ name: 'cleanup.policy', value: 'compact' }, { name: 'segment.ms', value: '100' }] }],
  }));
  await withAdmin(admin => leaders(admin, topic, 1));
  return withProducer(async producer => {
    const put = async (key, value) => (await producer.send({ topic, acks: -1, messages: [{ key, value }] }))[0].baseOffset;
    for (const value of ['first', 'second', 'last']) {
      for (let i = 0; i < 3; i++) await put(`k${i}`, value);
    }
    let left;
    let round = 0;
    await until(async () => {
      const end = await put('next', '');
      left = [];
      await consume(topic, ({ key, value, offset }) => {
        if (key.toString() !== 'next') left.push(`${key}=${value}`);
        return Number(offset) >= Number(end);
      }, { settings: { groupId: `${topic}-${round++}` } });
      return left.length <= 3;
    }, 'only the last values are left');
    return left.join(' ');
  });
}

const morePartitions = topic => withAdmin(async admin => {
  await create(admin, topic, 2);
  await admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] });
  const count = async () => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions.length;
  await until(async () => await count() === 5, 'there are 5 partitions');
  return `${await count()} partitions`;
});

async function deleteRecords(topic) {
  await send(topic, numbered(10));
  await withAdmin(async admin => {
    // This client deletes only from a topic that it has asked something about.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '4' }] });
  });
  return `from ${(await read(topic, 6))[0].offset}`;
}

async function deleteGroup(topic) {
  await commit(topic);
  return withAdmin(async admin => {
    await admin.deleteGroups([topic]);
    return (await admin.listGroups()).groups.some(one => one.groupId === topic) ? 'still there' : 'gone';
  });
}

const transactional = topic => ({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 });

async function transactions(topic) {
  await make(topic);
  await withProducer(async producer => {
    const commits = await producer.transaction();
    await commits.send({ topic, messages: numbered(3) });
    await commits.commit();
    const aborts = await producer.transaction();
    await aborts.send({ topic, messages: numbered(3) });
    await aborts.abort();
    await producer.send({ topic, messages: [{ value: 'end' }] });
  }, transactional(topic));
  const readTo = async (readUncommitted, groupId) => {
    const seen = [];
    await consume(topic, message => seen.push(message) && message.value.toString() === 'end', { settings: { readUncommitted, groupId } });
    return seen.length - 1;
  };
  return `committed ${await readTo(false, `${topic}-c`)}, all ${await readTo(true, `${topic}-u`)}`;
}

async function fencing(topic) {
  await make(topic);
  return withProducer(async first => {
    const transaction = await first.transaction();
    await transaction.send({ topic, messages: numbered(1) });
    return withProducer(async second => {
      await (await second.transaction()).abort();
      const error = await failure(() => transaction.commit());
      return ['PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH'].includes(error) ? 'fenced' : error;
    }, transactional(topic));
  }, transactional(topic));
}

async function groups(topic) {
  await send(topic, numbered(1));
  return withAdmin(async admin => {
    const describe = async () => {
      if (!(await admin.listGroups()).groups.some(one => one.groupId === topic)) return 'not listed';
      const { groups: [described] } = await admin.describeGroups([topic]);
      return `${described.state} ${described.members.length}`;
    };
    const member = await join(topic);
    await until(() => member.seen === 1, 'the member has its record');
    const stable = await describe();
    await member.leave();
    return `${stable}, ${await describe()}`;
  });
}

const login = (mechanism, secret) => connectTo(sasl, { sasl: { mechanism, username, password: secret } });

const secured = on => async topic => {
  await send(topic, numbered(20), { on });
  return inOrder(await read(topic, 20, on), 20);
};

async function refusedLogin(mechanism) {
  try {
    await withAdmin(admin => admin.listTopics(), login(mechanism, wrongPassword));
    return 'logged in';
  } catch (e) {
    // Not retried, and without the code that the broker gave.
    return e.name === 'KafkaJSSASLAuthenticationError' ? 'SASL_AUTHENTICATION_FAILED' : `${e.name}: ${e.message}`;
  }
}

const ways = {
  'codec-none': codec(CompressionTypes.None),
  'codec-gzip': codec(CompressionTypes.GZIP),
  many,
  acknowledgements,
  headers,
  nulls,
  'big-record': bigRecord,
  'too-large': tooLarge,
  'keyed-order': keyedOrder,
  idempotence,
  group,
  commit,
  seek,
  'by-time': byTime,
  'reset-earliest': resetEarliest,
  topics,
  'delete-unknown': deleteUnknown,
  'bad-name': () => refused({})('no name'),
  'bad-partitions': refused({ numPartitions: -5 }),
  'bad-replication': refused({ replicationFactor: 3 }),
  'bad-config': refused({ configEntries: [{ name: 'no.such.setting', value: '1' }] }),
  'topic-config': topicConfig,
  groups,
  'group-offsets': groupOffsets,
  'reset-offsets': resetOffsets,
  'delete-group': deleteGroup,
  partitions: morePartitions,
  'alter-config': alterConfig,
  'broker-config': brokerConfig,
  'list-offsets': listOffsets,
  compaction,
  'delete-records': deleteRecords,
  transactions,
  fencing,
  'sasl-plain': secured(login('plain', password)),
  'sasl-scram-256': secured(login('scram-sha-256', password)),
  'sasl-scram-512': secured(login('scram-sha-512', password)),
  'wrong-password': () => refusedLogin('plain'),
  'wrong-password-scram': () => refusedLogin('scram-sha-512'),
  tls: secured(connectTo(tls, { ssl: { ca: [readFileSync(authority, 'utf8')] } })),
};

async function run(scenario) {
  let outcome;
  try {
    outcome = await ways[scenario](`${scenario}-${randomUUID().slice(0, 8)}`);
  } catch (e) {
    outcome = `failed: ${e.type ?? e.name}: ${e.message}`;
  }
  console.log(JSON.stringify({ scenario, outcome }));
}

(async () => {
  // Most of the time is waiting, so all at a time.
  await Promise.all(Object.keys(ways).map(run));
  process.exit();
})();
