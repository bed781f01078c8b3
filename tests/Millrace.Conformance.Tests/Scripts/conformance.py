"""Does the scenarios with kafka-python against one broker; prints {"scenario":…,"outcome":…} a line each.

The arguments: its address, that where clients log in, that where they use TLS, the file of the authority for the latter; a user and the password. With a wrong
one this client only says that it found no broker.
"""
import json
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import KafkaError, OffsetOutOfRangeError
from kafka.structs import OffsetAndMetadata

BOOTSTRAP, SASL, TLS, AUTHORITY, USER, PASSWORD = sys.argv[1:7]
LIMIT = 45


def producer(**settings):
    return KafkaProducer(**{"bootstrap_servers": BOOTSTRAP, "acks": "all", **settings})


def consumer(group=None, **settings):
    defaults = {"auto_offset_reset": "earliest", "enable_auto_commit": False, "consumer_timeout_ms": LIMIT * 1000}
    return KafkaConsumer(group_id=group, **{"bootstrap_servers": BOOTSTRAP, **defaults, **settings})


def admin():
    return KafkaAdminClient(bootstrap_servers=BOOTSTRAP)


NAMES = {"MESSAGE_SIZE_TOO_LARGE": "MESSAGE_TOO_LARGE", "INVALID_TOPIC": "INVALID_TOPIC_EXCEPTION"}


def code(error):
    """Kafka's name of an error: the library gives each a class that has it, in two cases spelled otherwise."""
    name = getattr(error, "message", None) or repr(error)
    return NAMES.get(name, name)


def send(topic, count, **settings):
    sender = producer(**settings)
    for i in range(count):
        sender.send(topic, key=b"k%d" % i, value=b"v%d" % i, partition=0)
    sender.flush(LIMIT)
    sender.close()


def read(topic, count, partitions=1, **settings):
    reader = consumer(**settings)
    reader.assign([TopicPartition(topic, partition) for partition in range(partitions)])
    reader.seek_to_beginning()
    records = []
    for record in reader:
        records.append(record)
        if len(records) == count:
            break
    reader.close()
    return records


def in_order(records, count):
    right = all(r.key == b"k%d" % i and r.value == b"v%d" % i for i, r in enumerate(records))
    return f"{len(records)} of {count} {'in order' if right else 'mixed up'}"


def create(topic, partitions=1, replicas=1, configs=None):
    client = admin()
    try:
        answer = client.create_topics([NewTopic(topic, partitions, replicas, topic_configs=configs)])
        errors = [entry[1] for entry in answer.topic_errors if entry[1] != 0]
        if errors:
            return f"error {errors[0]}"
        await_partitions(client, topic, partitions)
        return "created"
    except KafkaError as error:
        return code(error)
    finally:
        client.close()


def await_partitions(client, topic, expected):
    """Kafka answers a moment before its metadata shows what it made; gives how many partitions are seen at last."""
    limit = time.monotonic() + LIMIT
    while True:
        seen = len(client.describe_topics([topic])[0]["partitions"])
        if seen == expected or time.monotonic() > limit:
            return seen
        time.sleep(0.02)


def codec(name):
    def way(topic):
        send(topic, 20, compression_type=name, linger_ms=20)
        return in_order(read(topic, 20), 20)

    return way


def many(topic):
    send(topic, 20_000, linger_ms=5)
    return f"20000 sent, {len(read(topic, 20_000))} there"


def acknowledgements(topic):
    sender = producer()
    offsets = [sender.send(topic, value=b"v").get(LIMIT).offset for _ in range(5)]
    sender.close()
    return " ".join(str(offset) for offset in offsets)


def headers(topic):
    sender = producer()
    sender.send(topic, value=b"v", headers=[("a", b"1"), ("a", b"2"), ("b", b"")]).get(LIMIT)
    sender.close()
    return " ".join(f"{key}={value.decode()}" for key, value in read(topic, 1)[0].headers)


def big_record(topic):
    sender = producer()
    sender.send(topic, value=b"x" * 900_000).get(LIMIT)
    sender.close()
    return f"{len(read(topic, 1)[0].value)} bytes"


def too_large(topic):
    sender = producer(max_request_size=4_000_000)
    try:
        sender.send(topic, value=b"x" * 2_000_000).get(LIMIT)
        return "stored"
    except KafkaError as error:
        return code(error)
    finally:
        sender.close()


def keyed_order(topic):
    create(topic, 3)
    sender = producer()
    for i in range(300):
        sender.send(topic, key=b"k%d" % (i % 10), value=b"%d" % i)
    sender.flush(LIMIT)
    sender.close()
    keys = {}
    for record in read(topic, 300, 3):
        keys.setdefault(record.key, []).append(record)
    right = all(
        len({r.partition for r in records}) == 1 and [int(r.value) for r in records] == sorted(int(r.value) for r in records)
        for records in keys.values())
    return f"{len(keys)} keys, {'each in one partition and in order' if right else 'mixed up'}"


class Member(threading.Thread):
    """A member of a group, named as its topic, that polls until it is told to leave."""

    def __init__(self, topic):
        super().__init__(daemon=True)
        self.topic = topic
        self.owned = 0
        self.seen = 0
        self.leaving = threading.Event()
        self.start()

    def run(self):
        reader = consumer(self.topic, heartbeat_interval_ms=200, session_timeout_ms=6_000, metadata_max_age_ms=60_000)
        reader.subscribe([self.topic])
        while not self.leaving.is_set():
            self.seen += sum(len(records) for records in reader.poll(50).values())
            self.owned = len(reader.assignment())
        reader.commit()
        reader.close()

    def leave(self):
        self.leaving.set()
        self.join(LIMIT)


def settle(members, wanted):
    limit = time.monotonic() + LIMIT
    shares = None
    while time.monotonic() < limit:
        shares = "+".join(str(n) for n in sorted(member.owned for member in members))
        if shares == wanted:
            return shares
        time.sleep(0.02)
    return f"{shares} instead of {wanted}"


def group(topic):
    create(topic, 3)
    members, shares = [], []
    for wanted in ("3", "1+2", "1+1+1"):
        members.append(Member(topic))
        shares.append(settle(members, wanted))
    members.pop(0).leave()
    shares.append(settle(members, "1+2"))
    for member in members:
        member.leave()
    return ", ".join(shares)


def commit(topic):
    send(topic, 10)
    first = consumer(topic, max_poll_records=5)
    first.subscribe([topic])
    seen = 0
    while seen < 5:
        seen += sum(len(records) for records in first.poll(200).values())
    first.commit({TopicPartition(topic, 0): OffsetAndMetadata(5, "")})
    first.close()
    second = consumer(topic)
    second.subscribe([topic])
    offset = next(second).offset
    second.close()
    return f"from {offset}"


def seek(topic):
    send(topic, 10)
    reader = consumer()
    partition = TopicPartition(topic, 0)
    reader.assign([partition])
    reader.seek(partition, 8)
    next(reader)
    reader.seek(partition, 3)
    offset = next(reader).offset
    reader.close()
    return f"from {offset}"


def by_time(topic):
    start = int(time.time() * 1000) - 60_000  # recent, or retention may delete the records under the test
    sender = producer()
    for i in range(10):
        sender.send(topic, value=b"v", timestamp_ms=start + i * 1_000).get(LIMIT)
    sender.close()
    reader = consumer()
    partition = TopicPartition(topic, 0)
    found = reader.offsets_for_times({partition: start + 4_500})[partition]
    after = reader.offsets_for_times({partition: start + 99_000})[partition]
    reader.close()
    return f"{found.offset} {after.offset if after else 'none'}"


def reset(where):
    def way(topic):
        send(topic, 5)
        reader = consumer(topic, auto_offset_reset=where)
        reader.subscribe([topic])
        early = []
        while not reader.assignment():
            early += [record for records in reader.poll(50).values() for record in records]
        reader.position(TopicPartition(topic, 0))
        send(topic, 1)
        offset = early[0].offset if early else next(reader).offset
        reader.close()
        return f"from {offset}"

    return way


def bad_offset(topic):
    send(topic, 5)
    reader = consumer(auto_offset_reset="none")
    partition = TopicPartition(topic, 0)
    reader.assign([partition])
    reader.seek(partition, 1_000)
    try:
        return f"from {next(reader).offset}"
    except OffsetOutOfRangeError as error:
        return code(error)
    finally:
        reader.close()


def topics(topic):
    create(topic, 3)
    client = admin()
    partitions = await_partitions(client, topic, 3)
    again = create(topic, 3)
    client.delete_topics([topic])
    limit = time.monotonic() + LIMIT
    while topic in client.list_topics() and time.monotonic() < limit:
        time.sleep(0.05)
    gone = "still there" if topic in client.list_topics() else "gone"
    client.close()
    return f"{partitions} partitions, {again}, {gone}"


def delete_unknown(topic):
    client = admin()
    try:
        client.delete_topics([topic])
        return "deleted"
    except KafkaError as error:
        return code(error)
    finally:
        client.close()


def retention(topic):
    """Kafka shows a setting a moment after it answered."""
    client = admin()
    limit = time.monotonic() + LIMIT
    value = None
    while value != "1234567" and time.monotonic() < limit:
        answer = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])[0]
        value = {entry[0]: entry[1] for entry in answer.resources[0][4]}.get("retention.ms")
    client.close()
    return f"retention.ms {value}"


def topic_config(topic):
    create(topic, configs={"retention.ms": "1234567"})
    return retention(topic)


def alter_config(topic):
    create(topic)
    client = admin()
    client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs={"retention.ms": "1234567"})])
    client.close()
    return retention(topic)


def broker_config(_):
    client = admin()
    answer = client.describe_configs([ConfigResource(ConfigResourceType.BROKER, "1")])[0]
    client.close()
    return f"node.id { {entry[0]: entry[1] for entry in answer.resources[0][4]}['node.id'] }"


def list_offsets(topic):
    send(topic, 10)
    reader = consumer()
    partition = TopicPartition(topic, 0)
    first, after = reader.beginning_offsets([partition])[partition], reader.end_offsets([partition])[partition]
    reader.close()
    return f"{first} to {after}"


def group_offsets(topic):
    commit(topic)
    client = admin()
    partition = TopicPartition(topic, 0)
    committed = client.list_consumer_group_offsets(topic)[partition].offset
    client.close()
    reader = consumer()
    end = reader.end_offsets([partition])[partition]
    reader.close()
    return f"{committed} of {end}"


def compaction(topic):
    """A log is compacted only up to the file that is written to, and the next file begins with a record: so one more is sent each time before it looks."""
    create(topic, configs={"cleanup.policy": "compact", "segment.ms": "100"})
    sender = producer()
    for value in (b"first", b"second", b"last"):
        for key in range(3):
            sender.send(topic, key=b"k%d" % key, value=value).get(LIMIT)
    reader = consumer()
    partition = TopicPartition(topic, 0)
    reader.assign([partition])
    limit = time.monotonic() + LIMIT
    left = None
    while (left is None or len(left) > 3) and time.monotonic() < limit:
        end = sender.send(topic, key=b"next", value=b"").get(LIMIT).offset
        reader.seek_to_beginning()
        left = []
        for record in reader:
            if record.key != b"next":
                left.append(f"{record.key.decode()}={record.value.decode()}")
            if record.offset >= end:
                break
    sender.close()
    reader.close()
    return " ".join(left)


def more_partitions(topic):
    create(topic, 2)
    client = admin()
    client.create_partitions({topic: NewPartitions(5)})
    count = await_partitions(client, topic, 5)
    client.close()
    return f"{count} partitions"


def delete_group(topic):
    commit(topic)
    client = admin()
    client.delete_consumer_groups([topic])
    left = [name for name, _ in client.list_consumer_groups()]
    client.close()
    return "still there" if topic in left else "gone"


def groups(topic):
    send(topic, 1)
    client = admin()

    def describe():
        if topic not in [name for name, _ in client.list_consumer_groups()]:
            return "not listed"
        described = client.describe_consumer_groups([topic])[0]
        return f"{described.state} {len(described.members)}"

    member = Member(topic)
    while not member.seen:
        time.sleep(0.02)
    stable = describe()
    member.leave()
    outcome = f"{stable}, {describe()}"
    client.close()
    return outcome


def login(mechanism, password):
    return {
        "bootstrap_servers": SASL, "security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": mechanism, "sasl_plain_username": USER, "sasl_plain_password": password}


def secured(connect):
    def way(topic):
        send(topic, 20, **connect)
        return in_order(read(topic, 20, **connect), 20)

    return way


WAYS = {
    "codec-none": codec(None),
    "codec-gzip": codec("gzip"),
    "codec-snappy": codec("snappy"),
    "codec-lz4": codec("lz4"),
    "codec-zstd": codec("zstd"),
    "many": many,
    "acknowledgements": acknowledgements,
    "headers": headers,
    "big-record": big_record,
    "too-large": too_large,
    "keyed-order": keyed_order,
    "group": group,
    "commit": commit,
    "seek": seek,
    "by-time": by_time,
    "reset-earliest": reset("earliest"),
    "reset-latest": reset("latest"),
    "bad-offset": bad_offset,
    "topics": topics,
    "delete-unknown": delete_unknown,
    "bad-name": lambda topic: create("no name"),
    "bad-partitions": lambda topic: create(topic, -5),
    "bad-replication": lambda topic: create(topic, 1, 3),
    "bad-config": lambda topic: create(topic, configs={"no.such.setting": "1"}),
    "topic-config": topic_config,
    "groups": groups,
    "group-offsets": group_offsets,
    "delete-group": delete_group,
    "partitions": more_partitions,
    "alter-config": alter_config,
    "broker-config": broker_config,
    "list-offsets": list_offsets,
    "compaction": compaction,
    "sasl-plain": secured(login("PLAIN", PASSWORD)),
    "sasl-scram-256": secured(login("SCRAM-SHA-256", PASSWORD)),
    "sasl-scram-512": secured(login("SCRAM-SHA-512", PASSWORD)),
    "tls": secured({"bootstrap_servers": TLS, "security_protocol": "SSL", "ssl_cafile": AUTHORITY}),
}


def run(scenario):
    try:
        outcome = WAYS[scenario](f"{scenario}-{uuid.uuid4().hex[:8]}")
    except Exception as error:  # an outcome like any other
        outcome = f"failed: {error!r}"
    return {"scenario": scenario, "outcome": outcome}


# Most of the time is waiting, so several at a time.
with ThreadPoolExecutor(8) as pool:
    for result in pool.map(run, WAYS):
        print(json.dumps(result), flush=True)
